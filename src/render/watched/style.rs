//! How a timeline looks on the page of a watch.

pub(super) const STYLE: &str = "
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
";
