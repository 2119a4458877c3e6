//! The templates, embedded at build, and how they are filled in.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

macro_rules! templates {
    ($($name:ident $path:literal;)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("../../../templates/", $path));)*
    };
}

templates! {
    HAPROXY "haproxy/haproxy.cfg";
    NGINX "nginx/nginx.conf";
    KEEPALIVED "keepalived/keepalived.conf";
    CHK_LB_ALIVE "keepalived/chk_lb_alive.sh";
    CHK_LB_BACKENDS "keepalived/chk_lb_backends.sh";
    NONLOCAL_BIND "keepalived/60-kube-api-vip.conf";
    PFSENSE_FIELDS "pfsense/fields.txt";
    PFSENSE_EXPORT "pfsense/haproxy.cfg";
    OPNSENSE_FIELDS "opnsense/fields.txt";
    OPNSENSE_EXPORT "opnsense/haproxy.conf";
    RELAYD "relayd/relayd.conf";
    PF "relayd/pf.kube-api.conf";
    HOSTNAME_CARP "relayd/hostname.carp0";
    FREEBSD_RC "freebsd-carp/rc.conf.local";
    FREEBSD_LOADER "freebsd-carp/loader.conf.local";
    FREEBSD_WATCH "freebsd-carp/kube-api-carp";
    FREEBSD_SERVICE "freebsd-carp/kube_api_carp";
    KUBE_VIP_POD "kube-vip/pod.yaml";
    KUBE_VIP_DAEMON_SET "kube-vip/daemonset.yaml";
    ZONE "dns/zone";
}

/// A template's text; a value that it asks for and nobody gives is a fault of the template.
pub(super) fn filled(template: &str, values: &impl Serialize) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(whole_lines());
    environment.render_str(template, Serde(values)).expect("every template fits the values that it is given")
}

/// Lines that hold nothing but a block leave none behind.
fn whole_lines() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().expect("the delimiters are the usual ones")
}
