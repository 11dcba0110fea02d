import Mustache

/// One case.
enum CaseTemplate {
  static func text(_ view: CaseView) -> String { whole.render(view) }

  private static let whole = template(
    """
    <section class="case" id="{{anchor}}"><details{{#isFlagged}} open{{/isFlagged}}><summary><h2>{{name}} · \
    <span class="v v-{{verdict}}">{{verdict}}</span></h2> {{#axes}}<span class="dim">{{.}}</span>{{/axes}}</summary>
    <p class="dim path mono">{{file}}</p>
    {{#error}}<p class="path">{{.}}</p>
    {{/error}}{{#remarks}}<p class="path">{{.}}</p>
    {{/remarks}}{{#references}}<h3>{{name}} · <span class="v v-{{verdict}}">{{verdict}}</span></h3>
    <p class="dim">{{framework}}, {{formula}} formula: {{#formulas}}<a href="#{{anchor}}">{{cell}}</a> {{/formulas}}</p>
    {{#findings}}\(finding){{/findings}}
    <div class="scroll"><table class="figures"><thead><tr><th>layer<th>verdict<th>residual<th>r/ρ<th>ε rms<th>bits\
    <th>drift<th>ref–exact<th>swift–exact<tbody>
    {{#rows}}<tr><td>{{layer}}<td class="v v-{{verdict}}">{{verdict}}{{#figures}}<td>{{.}}{{/figures}}
    {{/rows}}</table></div>
    {{{heatMap}}}
    {{#curves}}<figure><figcaption>{{place}}</figcaption>{{{picture}}}</figure>
    {{/curves}}{{#moreCurves}}<p class="dim">{{.}}</p>
    {{/moreCurves}}{{#drift}}<p class="dim">{{.}}</p>
    {{/drift}}{{/references}}{{#cross}}<h3>{{statesOf}} states by {{weightsOf}} weights · \
    <span class="v v-{{verdict}}">{{verdict}}</span></h3>
    {{#remarks}}<p class="path">{{.}}</p>
    {{/remarks}}{{#findings}}\(finding){{/findings}}{{/cross}}{{#models}}<h3>{{references}} between their layers · \
    <span class="v v-{{verdict}}">{{verdict}}</span></h3>
    {{{picture}}}
    <div class="scroll"><table class="figures"><thead><tr><th>boundary<th>verdict<th>ratio<th>where<th>spread<th>rms\
    <th>by<tbody>
    {{#rows}}<tr><td>{{name}}{{#says}}<br><span class="path">{{.}}</span>{{/says}}\
    <td class="v v-{{verdict}}">{{verdict}}{{#figures}}<td>{{.}}{{/figures}}
    {{/rows}}</table></div>
    {{/models}}</details></section>

    """)

  private static let finding = """
    <div class="finding b-{{verdict}}"><p><b>{{place}}</b>{{#hypothesis}} · <code>{{.}}</code>{{/hypothesis}}</p>
    {{#statement}}<p>{{.}}</p>
    {{/statement}}{{#mending}}<pre>{{framework}}: {{code}}</pre>
    {{/mending}}{{#lines}}<p>{{.}}</p>
    {{/lines}}{{#departures}}<p class="dim">{{.}}</p>
    {{/departures}}</div>

    """
}
