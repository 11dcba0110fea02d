import Mustache

/// What stands before and after the cases.
enum PageTemplate {
  static func beginning(_ page: PageView) -> String { head.render(page) }

  static func end(_ page: PageView) -> String { foot.render(page) }

  private static let head = template(
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline'">
    <title>Parity: {{verdict}}</title><style>\(Style.text)</style></head>
    <body><a class="skip" href="#list">To the cases</a>
    <header><h1>Parity: <span class="v v-{{verdict}}">{{verdict}}</span></h1><p>{{counts}}</p></header>
    <main>
    {{#joinable}}<p class="path dim">{{.}}</p>
    {{/joinable}}
    {{^empty(tasks)}}<section aria-labelledby="todo"><h2 id="todo">What to do</h2>
    {{#tasks}}<div class="task b-{{verdict}}"><p>{{says}}</p>{{#mending}}<pre>{{framework}}: {{code}}</pre>{{/mending}}
    <p class="dim"><span class="v v-{{verdict}}">{{verdict}}</span> · {{place}} ·
    {{#cases}}<a href="#{{anchor}}">{{name}}</a> {{/cases}}{{more}}</p></div>
    {{/tasks}}{{#moreTasks}}<p>{{.}}</p>{{/moreTasks}}</section>
    {{/empty(tasks)}}{{^empty(headlines)}}<section aria-labelledby="besides"><h2 id="besides">Besides</h2><ul>
    {{#headlines}}<li class="path">{{.}}
    {{/headlines}}</ul></section>
    {{/empty(headlines)}}
    <section aria-labelledby="list"><h2 id="list">Cases</h2>
    <div class="filter"><input id="search" type="search" placeholder="filter" aria-label="filter cases by text">
    {{#verdicts}}<label><input type="checkbox" checked value="{{.}}"> {{.}}</label>
    {{/verdicts}}<span id="shown" class="dim" role="status"></span></div>
    <div class="scroll" tabindex="0" role="region" aria-label="table of cases"><table id="cases"><thead><tr>
    <th scope="col"><button type="button">verdict</button></th><th scope="col"><button type="button">case</button></th>
    {{#columns}}<th scope="col"{{#isNumeric}} class="n"{{/isNumeric}}{{#meaning}} title="{{.}}"{{/meaning}}><button \
    type="button">{{title}}</button></th>{{/columns}}
    </tr></thead><tbody>
    {{#rows}}<tr><td class="v v-{{verdict}}">{{verdict}}<td class="name"><a href="#{{anchor}}">{{case}}</a>\
    {{#cells}}<td>{{.}}{{/cells}}
    {{/rows}}</tbody></table></div>
    <p class="dim">{{#columns}}{{#meaning}}<b>{{title}}</b>: {{meaning}}. {{/meaning}}{{/columns}}</p>
    <div class="key" aria-label="shades of a timestep">{{#legend}}<span><svg width="12" height="12" viewBox="0 0 12 12" \
    aria-hidden="true"><path class="s-{{shade}}" d="M0 6h12"/></svg>{{words}}</span>{{/legend}}</div>
    <p class="key"><span>curves: blue <b>residual</b> of one step</span><span>red, dashed: <b>bound</b>, the least that \
    it can have there</span><span>grey, dotted: <b>drift</b> from Swift's own run</span></p>
    </section>

    """)

  private static let foot = template(
    """
    <section aria-labelledby="formulas"><h2 id="formulas">Formulas that were compared</h2>
    {{#formulas}}<details id="{{anchor}}"><summary>{{title}}</summary><pre>{{#lines}}{{.}}
    {{/lines}}</pre></details>
    {{/formulas}}</section>
    </main><script>\(Script.text)</script></body></html>

    """)
}

/// - Parameter text: a template of this package's own.
func template(_ text: String) -> MustacheTemplate {
  do { return try MustacheTemplate(string: text) } catch { preconditionFailure("a template: \(error)") }
}
