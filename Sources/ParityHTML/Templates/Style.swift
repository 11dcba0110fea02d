/// How the page looks: on a phone, a desk or paper, by day and by night.
enum Style {
  static let text = """
    :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#59636e;--line:#d1d9e0;--soft:#f5f7f9;--link:#0969da;\
    --far:#d7efe0;--within:#a6dcba;--near:#63bf88;--close:#2a9158;--inconclusive:#b7a6e0;--drift:#f0b429;\
    --differs:#e0662e;--mismatch:#d1242f;--invalid:#57060c;--ok:#12703c;--warn:#8a5a00;--bad:#b3141e}
    @media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9aa5b1;--line:#333b45;--soft:#161b22;\
    --link:#6cb2ff;--far:#173a27;--within:#1d5635;--near:#2a8a52;--close:#57c785;--inconclusive:#8f79c9;\
    --drift:#d29922;--differs:#f0803c;--mismatch:#f8514a;--invalid:#ffb3b8;--ok:#57c785;--warn:#e3b341;--bad:#ff7b72}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1080px;padding:16px;background:var(--bg);color:var(--fg);\
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    h1{font-size:26px;margin:8px 0}h2{font-size:19px;margin:28px 0 8px}h3{font-size:16px;margin:18px 0 6px}
    p{margin:6px 0}a{color:var(--link)}ul{margin:4px 0;padding-left:20px}
    code,pre,.mono{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:8px 10px;margin:6px 0;\
    white-space:pre-wrap;overflow-wrap:anywhere}
    figure{margin:4px 0}.dim,figcaption{color:var(--dim)}.path{overflow-wrap:anywhere}
    .v{font-weight:600}.v-match{color:var(--ok)}.v-inconclusive,.v-drift{color:var(--warn)}\
    .v-differs,.v-mismatch,.v-invalid{color:var(--bad)}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    th,td{padding:3px 10px 3px 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
    td.name{white-space:normal;overflow-wrap:anywhere;min-width:120px}
    #cases td:nth-child(n+4):not(:last-child),.n,.figures th:nth-child(n+3),.figures td:nth-child(n+3){text-align:right}\
    .figures td:first-child{white-space:normal;overflow-wrap:anywhere;min-width:120px}
    th button{font:inherit;font-weight:600;border:0;padding:0;background:none;color:inherit;cursor:pointer}
    th button::after{content:"";display:inline-block;width:1em}
    th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
    .filter{display:flex;flex-wrap:wrap;gap:6px 16px;margin:8px 0}
    .filter input[type=search]{font:inherit;flex:1 1 200px;padding:4px 8px;border:1px solid var(--line);\
    border-radius:6px;background:var(--bg);color:inherit}
    .task,.finding{border-left:4px solid var(--line);padding:2px 0 2px 12px;margin:10px 0}
    .b-mismatch,.b-differs,.b-invalid{border-color:var(--bad)}.b-drift,.b-inconclusive{border-color:var(--warn)}
    .case{border-top:1px solid var(--line);padding:6px 0}
    summary{cursor:pointer}summary h2,summary h3{display:inline;margin:0}
    svg{max-width:100%;height:auto;display:block;margin:6px 0}
    svg text{fill:var(--dim);font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    .heat text,.curves text{text-anchor:end}.heat .first{fill:var(--fg)}[class^=s-]{stroke-width:12}.s-far{stroke:var(--far)}.s-within{stroke:var(--within)}\
    .s-near{stroke:var(--near)}.s-close{stroke:var(--close)}.s-inconclusive{stroke:var(--inconclusive)}\
    .s-drift{stroke:var(--drift)}.s-differs{stroke:var(--differs)}.s-mismatch{stroke:var(--mismatch)}\
    .s-invalid{stroke:var(--invalid)}
    .curves path{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}\
    .grid{stroke:var(--line);stroke-width:1!important}.k-residual{stroke:var(--link)}\
    .k-bound{stroke:var(--bad);stroke-dasharray:5 4}.k-drift{stroke:var(--dim);stroke-dasharray:1 4}
    .model rect{fill:var(--soft);stroke:var(--line)}.model .layer{stroke:var(--dim)}.model text{fill:var(--fg)}\
    .model path{fill:none;stroke-width:2;stroke:var(--dim)}.model .tip{stroke:none;fill:var(--dim)}\
    .model .e-match{stroke:var(--ok)}.model .tip.e-match{stroke:none;fill:var(--ok)}\
    .model .e-differs{stroke:var(--bad);stroke-width:4}.model .tip.e-differs{stroke:none;fill:var(--bad)}\
    .model .t-differs{fill:var(--bad);font-weight:700}.model .t-inconclusive{fill:var(--warn)}
    .key{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:13px;color:var(--dim)}.key svg{display:inline;margin:0 4px 0 0;\
    vertical-align:middle}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:4px 8px}
    @media(max-width:600px){body{padding:10px;font-size:14px}th,td{padding-right:8px}}
    @media print{body{max-width:none;font-size:11px}.filter,.skip{display:none}.case,.task{break-inside:avoid}\
    a{color:inherit;text-decoration:none}th button::after{content:""!important}}
    """
}
