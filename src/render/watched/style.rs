//! How the page of a watch looks, in daylight and in the dark, on a wall and in a hand.

pub(super) const STYLE: &str = "
:root{color-scheme:light dark;--page:#fbfbfa;--ink:#1c1d1f;--soft:#5d6168;--line:#d9dbdf;--track:#ececea;
--ok:#2f8f5b;--mixed:#c98a0a;--bad:#c8322b;--band:#f3cfcc;--mark:#3558c0}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e9eaec;--soft:#a0a5ad;--line:#34383e;--track:#23262b;
--ok:#4cba7f;--mixed:#e0a83a;--bad:#f0625a;--band:#57292a;--mark:#8aa5f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1rem;margin:1.75rem 0 .35rem;display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline}
h2 span,.soft{color:var(--soft);font-weight:400}
p{margin:.25rem 0}
.track{position:relative;padding-top:1.4rem}
svg{display:block;width:100%;height:3rem;background:var(--track);border-radius:3px}
.band{fill:var(--band)}.ok{fill:var(--ok)}.mixed{fill:var(--mixed)}.bad{fill:var(--bad)}
.mark{position:absolute;top:0;bottom:0;border-left:2px solid var(--mark)}
.mark b{position:absolute;top:0;left:0;padding:0 .3rem;font-size:.75rem;line-height:1.25rem;background:var(--mark);color:var(--page)}
.mark.late b{left:auto;right:0}
.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:.8rem;font-variant-numeric:tabular-nums}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:1rem;color:var(--soft);font-size:.875rem}
.key i{display:inline-block;width:.8rem;margin-right:.35rem;vertical-align:baseline}
.key .ok{height:.5rem;background:var(--ok)}.key .mixed{height:.75rem;background:var(--mixed)}
.key .bad{height:.9rem;background:var(--bad)}.key .band{height:.9rem;background:var(--band)}
ul,ol{margin:.35rem 0;padding-left:1.25rem}
li{overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.3rem .9rem .3rem 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600}
";
