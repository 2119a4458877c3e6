//! How verdicts, names and dates look on the page of checks.

pub(super) const STYLE: &str = "
h1{border-left:.4rem solid var(--ok);padding-left:.75rem}
h1.warn{border-color:var(--mixed)}h1.fail{border-color:var(--bad)}
h1,h3,p,code,pre,summary{overflow-wrap:anywhere}
.said{border-left:.2rem solid var(--line);padding:.1rem 0 .1rem .75rem;margin:.75rem 0}
.said.fail{border-color:var(--bad)}.said.warn{border-color:var(--mixed)}
h3{font-size:1rem;margin:0;font-weight:600}
h3 code{font-weight:400;color:var(--soft)}
code,pre{font:.9em/1.45 ui-monospace,monospace}
pre{margin:.25rem 0;padding:.35rem .6rem;background:var(--track);border-radius:3px;white-space:pre-wrap}
b.fail,td.no{color:var(--bad)}b.warn,td.disk{color:var(--mixed)}td.yes{color:var(--ok)}
.bars{display:grid;grid-template-columns:minmax(0,1fr);gap:.6rem}
.bar{background:var(--track);border-radius:3px;height:.8rem;overflow:hidden}
.bar i{display:block;height:100%;background:var(--ok)}
.bar.warn i{background:var(--mixed)}.bar.fail i{background:var(--bad)}
th.name{font:.9em/1.45 ui-monospace,monospace;font-weight:600}
";
