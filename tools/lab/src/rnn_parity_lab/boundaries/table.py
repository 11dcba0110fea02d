def flagged(findings):
    return [
        f
        for f in findings
        if f.pair.fault is None and (f.differs or f.verdict not in ("match", "inconclusive"))
    ]


def document(findings):
    return f"{len(findings)}\n"
