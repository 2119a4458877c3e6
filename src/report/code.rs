//! Every finding that cpctl can make: its id, and how bad it is.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident;)*) => {
        /// Every finding that cpctl can make. The ids are stable: scripts match on them.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        pub enum Code { $($variant),* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code that has an id.
            pub fn of(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$variant),)* _ => None }
            }

            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }
        }
    };
}

codes! {
    // What a client sees.
    EndpointUnreachable "endpoint-unreachable" Fail;
    EndpointSilent "endpoint-silent" Warn;
    EndpointUnproven "endpoint-unproven" Warn;
    EndpointNotTls "endpoint-not-tls" Fail;
    SanMissing "san-missing" Fail;
    SansDiffer "sans-differ" Warn;
    SanUseless "san-useless" Warn;
    NameUnserved "name-unserved" Fail;
    NameUnconfigured "name-unconfigured" Warn;
    NamePending "name-pending" Note;
    NameStray "name-stray" Note;
    CertificateMissing "certificate-missing" Fail;
    NameNeeded "name-needed" Fail;
    NameDerived "name-derived" Fail;
    NameInUse "name-in-use" Fail;
    CertExpired "cert-expired" Fail;
    CertExpiring "cert-expiring" Warn;
    CertNotYetValid "cert-not-yet-valid" Fail;
    CertUsage "cert-usage" Fail;
    CertNameless "cert-nameless" Fail;
    CertFirstVersion "cert-first-version" Note;
    SignatureWeak "signature-weak" Fail;
    KeyWeak "key-weak" Warn;
    AuthorityDiffers "authority-differs" Fail;
    CaKeyAstray "ca-key-astray" Fail;
    CertUntrusted "cert-untrusted" Fail;
    TlsTerminated "tls-terminated" Fail;
    ApiNotReady "api-not-ready" Fail;
    ApiRefused "api-refused" Fail;
    WrongCluster "wrong-cluster" Fail;
    ServedElsewhere "served-elsewhere" Fail;
    ServerUnlisted "server-unlisted" Warn;
    ServerWithoutName "server-without-name" Warn;
    CredentialsMissing "credentials-missing" Warn;
    CredentialsNeeded "credentials-needed" Fail;
    ServerAway "server-away" Fail;
    VersionSkew "version-skew" Warn;
    AnonymousAnswer "anonymous-answer" Warn;
    // Where the address is that clients are to use.
    EndpointInCluster "endpoint-in-cluster" Fail;
    RecordStray "record-stray" Warn;
    RecordSilent "record-silent" Warn;
    AnswersSplit "answers-split" Warn;
    NameUnresolved "name-unresolved" Warn;
    // How a node is reached.
    NodeUnreachable "node-unreachable" Fail;
    HostKeyUnknown "host-key-unknown" Fail;
    HostKeyChanged "host-key-changed" Fail;
    LoginRefused "login-refused" Fail;
    SudoRefused "sudo-refused" Fail;
    // What a node is.
    DistributionUnknown "distribution-unknown" Fail;
    DistributionUnsupported "distribution-unsupported" Fail;
    NodeIsWorker "node-is-worker" Fail;
    SameMachine "same-machine" Fail;
    NodeLocked "node-locked" Fail;
    RunUnfinished "run-unfinished" Warn;
    NodeUnread "node-unread" Warn;
    NodesUnasked "nodes-unasked" Note;
    DiskFull "disk-full" Fail;
    ReadOnly "read-only" Fail;
    ClockOff "clock-off" Fail;
    ClocksApart "clocks-apart" Warn;
    // MicroK8s.
    LaunchConfiguration "launch-configuration" Fail;
    AddressOnInterface "address-on-interface" Fail;
    AddressHeld "address-held" Warn;
    SnapTooOld "snap-too-old" Fail;
    TemplateWithoutMoreIps "template-without-moreips" Warn;
    TemplateUnreadable "template-unreadable" Fail;
    CaKeyMissing "ca-key-missing" Fail;
    KeyInside "key-inside" Fail;
    KeyMismatch "key-mismatch" Fail;
    CertificateElsewhere "certificate-elsewhere" Fail;
    JoinInProgress "join-in-progress" Fail;
    ServiceStopped "service-stopped" Fail;
    KickerStopped "kicker-stopped" Note;
    JoinUnsigned "join-unsigned" Fail;
    // An API server set up by hand.
    SelfSigned "self-signed" Fail;
    ReissueImpossible "reissue-impossible" Fail;
    ServiceNameMissing "service-name-missing" Warn;
    SigningConfiguration "signing-configuration" Warn;
    ReloadMissing "reload-missing" Warn;
    // kubeadm.
    OwnedElsewhere "owned-elsewhere" Fail;
    KubeadmAtWork "kubeadm-at-work" Fail;
    RegisterLeft "register-left" Warn;
    ComponentsLed "components-led" Note;
    // What leads to the control plane.
    ReferenceLeft "reference-left" Warn;
    ReferenceUneditable "reference-uneditable" Fail;
    ReferenceUnused "reference-unused" Note;
    ReferenceElsewhere "reference-elsewhere" Warn;
    ReferencesUnsought "references-unsought" Note;
    RolloutBlocked "rollout-blocked" Fail;
    EndpointUntried "endpoint-untried" Warn;
    // A load balancer.
    BalancerUnread "balancer-unread" Fail;
    BalancerWithoutNode "balancer-without-node" Fail;
    BalancerDegraded "balancer-degraded" Fail;
    BalancerDrained "balancer-drained" Note;
    BalancerUnchecked "balancer-unchecked" Warn;
    BalancerProgramMissing "balancer-program-missing" Fail;
    BalancerUserMissing "balancer-user-missing" Fail;
    BalancerCannotBind "balancer-cannot-bind" Fail;
    BalancerCannotReload "balancer-cannot-reload" Fail;
    BalancerGroupLeft "balancer-group-left" Fail;
    BalancerServesMore "balancer-serves-more" Fail;
    // What a load balancer does to its clients.
    ApiInClear "api-in-clear" Fail;
    ProxyProtocolExpected "proxy-protocol-expected" Fail;
    ProxyProtocolSent "proxy-protocol-sent" Fail;
    BalancerHangsUp "balancer-hangs-up" Fail;
    PoolDead "pool-dead" Fail;
    PortWrong "port-wrong" Fail;
    BalancerAbsent "balancer-absent" Warn;
    BalancerUntold "balancer-untold" Fail;
    BalancerPinned "balancer-pinned" Warn;
    BackendFailing "backend-failing" Fail;
    BackendSilent "backend-silent" Warn;
    BackendUnseen "backend-unseen" Warn;
    UnreadyInRotation "unready-in-rotation" Fail;
    // What a distribution does by itself, or not at all.
    ChangeUnsupported "change-unsupported" Fail;
    // K3s, RKE2 and k0s.
    VersionTooOld "version-too-old" Fail;
    VersionUnknown "version-unknown" Fail;
    NoSystemd "no-systemd" Fail;
    LaunchUnclear "launch-unclear" Fail;
    ConfigurationUnreadable "configuration-unreadable" Fail;
    ConfigurationElsewhere "configuration-elsewhere" Fail;
    ConfigurationManaged "configuration-managed" Warn;
    EndpointUnnamed "endpoint-unnamed" Fail;
    WildcardDropped "wildcard-dropped" Fail;
    CertificateFlips "certificate-flips" Warn;
    NamesOpen "names-open" Warn;
    ExpiryBlocksStart "expiry-blocks-start" Warn;
    WildcardRefused "wildcard-refused" Fail;
    NameAtRisk "name-at-risk" Fail;
    // A kubeconfig.
    KubeconfigUnreadable "kubeconfig-unreadable" Fail;
    KubeconfigNoSuchName "kubeconfig-no-such-name" Fail;
    KubeconfigDocuments "kubeconfig-documents" Warn;
    KubeconfigDuplicate "kubeconfig-duplicate" Warn;
    KubeconfigTypo "kubeconfig-typo" Warn;
    KubeconfigPlainHttp "kubeconfig-plain-http" Fail;
    KubeconfigOddPort "kubeconfig-odd-port" Warn;
    KubeconfigDangling "kubeconfig-dangling" Warn;
    KubeconfigCaData "kubeconfig-ca-data" Fail;
    KubeconfigNoCa "kubeconfig-no-ca" Fail;
    KubeconfigInsecure "kubeconfig-insecure" Warn;
    KubeconfigInsecureCa "kubeconfig-insecure-ca" Fail;
    KubeconfigTlsServerName "kubeconfig-tls-server-name" Warn;
    KubeconfigProxy "kubeconfig-proxy" Note;
    KubeconfigMode "kubeconfig-mode" Warn;
    KubeconfigRegenerated "kubeconfig-regenerated" Warn;
    KubeconfigUneditable "kubeconfig-uneditable" Fail;
    KubeconfigElsewhere "kubeconfig-elsewhere" Warn;
    // An inventory.
    InventoryUnreadable "inventory-unreadable" Fail;
    // A balancer's configuration file, whatever balancer it is of.
    KindUnknown "kind-unknown" Fail;
    NothingSeen "nothing-seen" Warn;
    NotJudged "not-judged" Note;
    IgnoreExpired "ignore-expired" Warn;
    IgnoreUnclear "ignore-unclear" Warn;
    IgnoreUnused "ignore-unused" Note;
    // A balancer's pool, whatever balancer it is of.
    EtcdBalanced "etcd-balanced" Fail;
    PoolOfOne "pool-of-one" Warn;
    ServerTwice "server-twice" Fail;
    NodeNotInPool "node-not-in-pool" Fail;
    ServerNotInCluster "server-not-in-cluster" Fail;
    PoolPorts "pool-ports" Fail;
    JoinPortMissing "join-port-missing" Fail;
    EndpointUnlistened "endpoint-unlistened" Fail;
    PortTaken "port-taken" Fail;
    PoolLoop "pool-loop" Fail;
    AddressPublic "address-public" Warn;
    AddressInCluster "address-in-cluster" Warn;
    BalancerAlone "balancer-alone" Warn;
    VipTaken "vip-taken" Fail;
    // Whether the client's TLS reaches the API server.
    TlsReencrypted "tls-reencrypted" Fail;
    ModeHttp "mode-http" Fail;
    ProxyProtocol "proxy-protocol" Fail;
    SniOnly "sni-only" Fail;
    BackendMissing "backend-missing" Fail;
    // How a balancer looks at the API servers.
    CheckMissing "check-missing" Fail;
    CheckConnectOnly "check-connect-only" Warn;
    CheckWithoutTls "check-without-tls" Fail;
    CheckOverridden "check-overridden" Fail;
    CheckSslHello "check-ssl-hello" Warn;
    CheckUnverifiable "check-unverifiable" Fail;
    CheckVerifiesAddress "check-verifies-address" Fail;
    CheckUnverified "check-unverified" Note;
    CheckMethod "check-method" Fail;
    CheckPath "check-path" Warn;
    CheckStatus "check-status" Fail;
    CheckUnauthorized "check-unauthorized" Warn;
    DetectionSlow "detection-slow" Warn;
    // How long a balancer's connections live, and where they go.
    IdleCut "idle-cut" Fail;
    IdleUnclear "idle-unclear" Warn;
    NumberWithoutUnit "number-without-unit" Warn;
    SessionsKept "sessions-kept" Warn;
    OldProcessStays "old-process-stays" Warn;
    PoolPinned "pool-pinned" Warn;
    ConnectionsFew "connections-few" Warn;
    // What stands beside a balancer's pool.
    BindAway "bind-away" Note;
    ClientsHidden "clients-hidden" Note;
    TrafficJudged "traffic-judged" Note;
    StatsOpen "stats-open" Warn;
    StatsPassword "stats-password" Warn;
    KeyOnBalancer "key-on-balancer" Fail;
    // NGINX.
    NginxStreamUnread "nginx-stream-unread" Fail;
    NginxStreamInHttp "nginx-stream-in-http" Fail;
    NginxHealthCheck "nginx-health-check" Fail;
    NginxPassiveOnly "nginx-passive-only" Warn;
    NginxMaxFailsOff "nginx-max-fails-off" Warn;
    NginxConnectTimeout "nginx-connect-timeout" Warn;
    NginxNoZone "nginx-no-zone" Warn;
    // keepalived.
    KeepalivedKills "keepalived-kills" Fail;
    KeepalivedUnrunnable "keepalived-unrunnable" Fail;
    KeepalivedNeedsShell "keepalived-needs-shell" Fail;
    KeepalivedOnlyProcess "keepalived-only-process" Warn;
    KeepalivedAnyAnswer "keepalived-any-answer" Warn;
    KeepalivedOwnAddress "keepalived-own-address" Warn;
    KeepalivedPlainHttp "keepalived-plain-http" Warn;
    KeepalivedNeverCross "keepalived-never-cross" Fail;
    KeepalivedNopreempt "keepalived-nopreempt" Fail;
    KeepalivedEqual "keepalived-equal" Warn;
    KeepalivedScriptSecurity "keepalived-script-security" Warn;
    KeepalivedScriptUser "keepalived-script-user" Warn;
    KeepalivedWritable "keepalived-writable" Warn;
    KeepalivedUsualId "keepalived-usual-id" Warn;
    KeepalivedIdTwice "keepalived-id-twice" Warn;
    KeepalivedIdRange "keepalived-id-range" Fail;
    KeepalivedPeersDiffer "keepalived-peers-differ" Fail;
    KeepalivedNoPeers "keepalived-no-peers" Fail;
    KeepalivedOwnPeer "keepalived-own-peer" Fail;
    KeepalivedUndefined "keepalived-undefined" Fail;
    KeepalivedPassword "keepalived-password" Warn;
    // relayd and pf.
    RelaydNoAnchor "relayd-no-anchor" Fail;
    RelaydCheckTimeout "relayd-check-timeout" Warn;
    RelaydSessionTimeout "relayd-session-timeout" Warn;
    RelaydMode "relayd-mode" Fail;
    RelaydRuleUnused "relayd-rule-unused" Note;
    PfUnchecked "pf-unchecked" Warn;
    CarpMask "carp-mask" Warn;
    // A node that has the shared address itself, and answers clients directly.
    ArpAnswered "arp-answered" Fail;
    VipOnLoopback "vip-on-loopback" Warn;
    // kube-vip.
    KubeVipCidr "kube-vip-cidr" Fail;
    KubeVipElection "kube-vip-election" Fail;
    KubeVipAddress "kube-vip-address" Warn;
    KubeVipTimers "kube-vip-timers" Warn;
    KubeVipUnpinned "kube-vip-unpinned" Warn;
    // A zone.
    ZoneTtl "zone-ttl" Warn;
    ZoneTtlMixed "zone-ttl-mixed" Warn;
    ZoneAlias "zone-alias" Fail;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_id_of_its_own() {
        let ids: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.id()).collect();

        assert_eq!(ids.len(), Code::ALL.len());
    }
}
