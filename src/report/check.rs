//! Every check that cpctl makes: what it is about, and the findings that it can come to.

use super::Code;

/// What checks are about, in the order in which they are told.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Group {
    Reach,
    Distribution,
    Certificates,
    Endpoint,
    Clients,
}

impl Group {
    pub const ALL: &[Self] =
        &[Self::Reach, Self::Distribution, Self::Certificates, Self::Endpoint, Self::Clients];

    pub fn id(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Distribution => "distribution",
            Self::Certificates => "certificates",
            Self::Endpoint => "endpoint",
            Self::Clients => "clients",
        }
    }
}

/// The kind of thing that is checked.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Scope {
    /// A machine, as SSH shows it.
    Node,
    /// An API server at its own address, held against what its machine says.
    Server,
    /// An API server at its own address, as it is seen from here alone.
    Api,
    /// The address that clients share.
    Endpoint,
    /// Where names lead on a machine.
    Resolver,
    /// What is true of all together.
    Cluster,
    /// A machine that a load balancer runs on.
    Balancer,
    /// A load balancer's file.
    Configuration,
    Kubeconfig,
    /// A certificate in a file.
    Certificate,
    Inventory,
}

/// One check.
#[derive(Debug)]
pub struct Check {
    /// Stable: scripts choose by it.
    pub id: &'static str,
    pub group: Group,
    /// What is so of its subject where nothing is found.
    pub title: &'static str,
    pub scopes: &'static [Scope],
    pub codes: &'static [Code],
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Check {
    /// The one check that comes to this finding.
    pub fn of(code: Code) -> &'static Self {
        let found = CHECKS.iter().find(|check| check.codes.contains(&code));
        found.expect("every code is that of one check, as the tests know")
    }
}

/// All checks, in the order in which they are told.
pub static CHECKS: &[Check] = &[
    Check {
        id: "inventory",
        group: Group::Reach,
        title: "says who the nodes are",
        scopes: &[Scope::Inventory],
        codes: &[Code::InventoryUnreadable],
    },
    Check {
        id: "ssh",
        group: Group::Reach,
        title: "is reached over SSH as the machine that it is",
        scopes: &[Scope::Node],
        codes: &[
            Code::NodeUnreachable,
            Code::HostKeyUnknown,
            Code::HostKeyChanged,
            Code::LoginRefused,
            Code::NodeUnread,
            Code::SameMachine,
            Code::NodesUnasked,
        ],
    },
    Check {
        id: "sudo",
        group: Group::Reach,
        title: "lets its user become root",
        scopes: &[Scope::Node],
        codes: &[Code::SudoRefused],
    },
    Check {
        id: "clock",
        group: Group::Reach,
        title: "has the right time",
        scopes: &[Scope::Node],
        codes: &[Code::ClockOff, Code::ClocksApart],
    },
    Check {
        id: "room",
        group: Group::Reach,
        title: "has room where cpctl writes",
        scopes: &[Scope::Node],
        codes: &[Code::DiskFull, Code::ReadOnly],
    },
    Check {
        id: "lock",
        group: Group::Reach,
        title: "is free of other work on the control plane",
        scopes: &[Scope::Node],
        codes: &[Code::NodeLocked, Code::RunUnfinished, Code::JoinInProgress, Code::KubeadmAtWork],
    },
    Check {
        id: "init",
        group: Group::Reach,
        title: "is run by systemd",
        scopes: &[Scope::Node],
        codes: &[Code::NoSystemd],
    },
    Check {
        id: "recognised",
        group: Group::Distribution,
        title: "runs a distribution that cpctl knows",
        scopes: &[Scope::Node],
        codes: &[Code::DistributionUnknown, Code::DistributionUnsupported],
    },
    Check {
        id: "role",
        group: Group::Distribution,
        title: "runs an API server",
        scopes: &[Scope::Node],
        codes: &[Code::NodeIsWorker],
    },
    Check {
        id: "version",
        group: Group::Distribution,
        title: "is new enough",
        scopes: &[Scope::Node],
        codes: &[
            Code::SnapTooOld,
            Code::VersionTooOld,
            Code::VersionUnknown,
            Code::ChangeUnsupported,
            Code::ReloadMissing,
            Code::ExpiryBlocksStart,
            Code::ComponentsLed,
        ],
    },
    Check {
        id: "owner",
        group: Group::Distribution,
        title: "has nobody who writes its configuration anew",
        scopes: &[Scope::Node],
        codes: &[
            Code::OwnedElsewhere,
            Code::ConfigurationManaged,
            Code::LaunchConfiguration,
            Code::RegisterLeft,
        ],
    },
    Check {
        id: "configuration",
        group: Group::Distribution,
        title: "has a configuration that can be read and edited",
        scopes: &[Scope::Node],
        codes: &[
            Code::TemplateWithoutMoreIps,
            Code::TemplateUnreadable,
            Code::ConfigurationUnreadable,
            Code::ConfigurationElsewhere,
            Code::LaunchUnclear,
            Code::EndpointUnnamed,
            Code::SigningConfiguration,
        ],
    },
    Check {
        id: "service",
        group: Group::Distribution,
        title: "has its services at work",
        scopes: &[Scope::Node],
        codes: &[Code::ServiceStopped, Code::KickerStopped],
    },
    Check {
        id: "address",
        group: Group::Distribution,
        title: "holds no address that moves",
        scopes: &[Scope::Node],
        codes: &[Code::AddressOnInterface, Code::AddressHeld],
    },
    Check {
        id: "signing",
        group: Group::Certificates,
        title: "can sign its certificate",
        scopes: &[Scope::Node],
        codes: &[
            Code::CaKeyMissing,
            Code::KeyInside,
            Code::KeyMismatch,
            Code::CertificateElsewhere,
            Code::JoinUnsigned,
            Code::SelfSigned,
            Code::ReissueImpossible,
            Code::CaKeyAstray,
        ],
    },
    Check {
        id: "chain",
        group: Group::Certificates,
        title: "presents a certificate of the cluster",
        scopes: &[Scope::Server, Scope::Endpoint],
        codes: &[Code::CertUntrusted, Code::WrongCluster, Code::AuthorityDiffers],
    },
    Check {
        id: "names",
        group: Group::Certificates,
        title: "names what clients ask for",
        scopes: &[Scope::Server, Scope::Endpoint, Scope::Certificate],
        codes: &[
            Code::SanMissing,
            Code::SansDiffer,
            Code::SanUseless,
            Code::NameNeeded,
            Code::NameDerived,
            Code::NameInUse,
            Code::ServiceNameMissing,
            Code::WildcardDropped,
            Code::WildcardRefused,
            Code::NameAtRisk,
            Code::NamesOpen,
            Code::CertificateFlips,
        ],
    },
    Check {
        id: "drift",
        group: Group::Certificates,
        title: "serves what is configured and on its disk",
        scopes: &[Scope::Server],
        codes: &[
            Code::NameUnserved,
            Code::NameUnconfigured,
            Code::NamePending,
            Code::NameStray,
            Code::CertificateMissing,
            Code::ServedElsewhere,
        ],
    },
    Check {
        id: "validity",
        group: Group::Certificates,
        title: "is valid for long enough",
        scopes: &[Scope::Server, Scope::Endpoint, Scope::Certificate, Scope::Kubeconfig],
        codes: &[Code::CertExpired, Code::CertExpiring, Code::CertNotYetValid],
    },
    Check {
        id: "form",
        group: Group::Certificates,
        title: "is made as clients want it",
        scopes: &[Scope::Server, Scope::Endpoint, Scope::Certificate],
        codes: &[
            Code::CertUsage,
            Code::CertNameless,
            Code::CertFirstVersion,
            Code::SignatureWeak,
            Code::KeyWeak,
        ],
    },
    Check {
        id: "reachable",
        group: Group::Endpoint,
        title: "answers",
        scopes: &[Scope::Api, Scope::Endpoint],
        codes: &[
            Code::EndpointUnreachable,
            Code::EndpointSilent,
            Code::EndpointUnproven,
            Code::EndpointNotTls,
        ],
    },
    Check {
        id: "api",
        group: Group::Endpoint,
        title: "has an API that is ready and lets us in",
        scopes: &[Scope::Api, Scope::Endpoint],
        codes: &[Code::ApiNotReady, Code::ApiRefused, Code::CredentialsMissing, Code::CredentialsNeeded],
    },
    Check {
        id: "anonymous",
        group: Group::Endpoint,
        title: "answers the checks of balancers as its distribution does",
        scopes: &[Scope::Api],
        codes: &[Code::AnonymousAnswer],
    },
    Check {
        id: "versions",
        group: Group::Endpoint,
        title: "has API servers of one version",
        scopes: &[Scope::Cluster],
        codes: &[Code::VersionSkew],
    },
    Check {
        id: "whereabouts",
        group: Group::Endpoint,
        title: "lies outside the cluster's own ranges, and leads to nobody but the balancers",
        scopes: &[Scope::Endpoint, Scope::Resolver],
        codes: &[
            Code::EndpointInCluster,
            Code::RecordStray,
            Code::RecordSilent,
            Code::AnswersSplit,
            Code::NameUnresolved,
        ],
    },
    Check {
        id: "members",
        group: Group::Endpoint,
        title: "has its servers known and at work",
        scopes: &[Scope::Endpoint],
        codes: &[Code::ServerUnlisted, Code::ServerWithoutName, Code::ServerAway],
    },
    Check {
        id: "balancer",
        group: Group::Endpoint,
        title: "passes TLS on to every API server",
        scopes: &[Scope::Endpoint],
        codes: &[
            Code::TlsTerminated,
            Code::ApiInClear,
            Code::ProxyProtocolExpected,
            Code::ProxyProtocolSent,
            Code::BalancerHangsUp,
            Code::PoolDead,
            Code::PortWrong,
            Code::BalancerAbsent,
            Code::BalancerUntold,
            Code::BalancerPinned,
            Code::BackendFailing,
            Code::BackendSilent,
            Code::BackendUnseen,
            Code::UnreadyInRotation,
        ],
    },
    Check {
        id: "balancer-machine",
        group: Group::Endpoint,
        title: "can be asked and changed",
        scopes: &[Scope::Balancer],
        codes: &[
            Code::BalancerUnread,
            Code::BalancerWithoutNode,
            Code::BalancerDegraded,
            Code::BalancerDrained,
            Code::BalancerUnchecked,
            Code::BalancerProgramMissing,
            Code::BalancerUserMissing,
            Code::BalancerCannotBind,
            Code::BalancerCannotReload,
            Code::BalancerGroupLeft,
            Code::BalancerServesMore,
        ],
    },
    Check {
        id: "ignored",
        group: Group::Endpoint,
        title: "asks for quiet only where something is found, and while it may",
        scopes: &[Scope::Configuration],
        codes: &[Code::IgnoreExpired, Code::IgnoreUnclear, Code::IgnoreUnused],
    },
    Check {
        id: "balancer-file",
        group: Group::Endpoint,
        title: "is a configuration that keeps the API reachable",
        scopes: &[Scope::Configuration],
        codes: &[
            Code::KindUnknown,
            Code::NothingSeen,
            Code::NotJudged,
            Code::EtcdBalanced,
            Code::PoolOfOne,
            Code::ServerTwice,
            Code::NodeNotInPool,
            Code::ServerNotInCluster,
            Code::PoolPorts,
            Code::JoinPortMissing,
            Code::EndpointUnlistened,
            Code::PortTaken,
            Code::PoolLoop,
            Code::AddressPublic,
            Code::AddressInCluster,
            Code::BalancerAlone,
            Code::VipTaken,
            Code::TlsReencrypted,
            Code::ModeHttp,
            Code::ProxyProtocol,
            Code::SniOnly,
            Code::BackendMissing,
            Code::CheckMissing,
            Code::CheckConnectOnly,
            Code::CheckWithoutTls,
            Code::CheckOverridden,
            Code::CheckSslHello,
            Code::CheckUnverifiable,
            Code::CheckVerifiesAddress,
            Code::CheckUnverified,
            Code::CheckMethod,
            Code::CheckPath,
            Code::CheckStatus,
            Code::CheckUnauthorized,
            Code::DetectionSlow,
            Code::IdleCut,
            Code::IdleUnclear,
            Code::NumberWithoutUnit,
            Code::SessionsKept,
            Code::OldProcessStays,
            Code::PoolPinned,
            Code::ConnectionsFew,
            Code::BindAway,
            Code::ClientsHidden,
            Code::TrafficJudged,
            Code::StatsOpen,
            Code::StatsPassword,
            Code::KeyOnBalancer,
            Code::NginxStreamUnread,
            Code::NginxStreamInHttp,
            Code::NginxHealthCheck,
            Code::NginxPassiveOnly,
            Code::NginxMaxFailsOff,
            Code::NginxConnectTimeout,
            Code::NginxNoZone,
            Code::KeepalivedKills,
            Code::KeepalivedUnrunnable,
            Code::KeepalivedNeedsShell,
            Code::KeepalivedOnlyProcess,
            Code::KeepalivedAnyAnswer,
            Code::KeepalivedOwnAddress,
            Code::KeepalivedPlainHttp,
            Code::KeepalivedNeverCross,
            Code::KeepalivedNopreempt,
            Code::KeepalivedEqual,
            Code::KeepalivedScriptSecurity,
            Code::KeepalivedScriptUser,
            Code::KeepalivedWritable,
            Code::KeepalivedUsualId,
            Code::KeepalivedIdTwice,
            Code::KeepalivedIdRange,
            Code::KeepalivedPeersDiffer,
            Code::KeepalivedNoPeers,
            Code::KeepalivedOwnPeer,
            Code::KeepalivedUndefined,
            Code::KeepalivedPassword,
            Code::RelaydNoAnchor,
            Code::RelaydCheckTimeout,
            Code::RelaydSessionTimeout,
            Code::RelaydMode,
            Code::RelaydRuleUnused,
            Code::PfUnchecked,
            Code::CarpMask,
            Code::ArpAnswered,
            Code::VipOnLoopback,
            Code::KubeVipCidr,
            Code::KubeVipElection,
            Code::KubeVipAddress,
            Code::KubeVipTimers,
            Code::KubeVipUnpinned,
            Code::ZoneTtl,
            Code::ZoneTtlMixed,
            Code::ZoneAlias,
        ],
    },
    Check {
        id: "kubeconfig",
        group: Group::Clients,
        title: "is right and leads to the cluster",
        scopes: &[Scope::Kubeconfig],
        codes: &[
            Code::KubeconfigUnreadable,
            Code::KubeconfigNoSuchName,
            Code::KubeconfigDocuments,
            Code::KubeconfigDuplicate,
            Code::KubeconfigTypo,
            Code::KubeconfigPlainHttp,
            Code::KubeconfigOddPort,
            Code::KubeconfigDangling,
            Code::KubeconfigCaData,
            Code::KubeconfigNoCa,
            Code::KubeconfigInsecure,
            Code::KubeconfigInsecureCa,
            Code::KubeconfigTlsServerName,
            Code::KubeconfigProxy,
            Code::KubeconfigMode,
            Code::KubeconfigRegenerated,
            Code::KubeconfigUneditable,
            Code::KubeconfigElsewhere,
        ],
    },
    Check {
        id: "references",
        group: Group::Clients,
        title: "leads its clients to the address",
        scopes: &[Scope::Node, Scope::Cluster],
        codes: &[
            Code::ReferenceLeft,
            Code::ReferenceUneditable,
            Code::ReferenceUnused,
            Code::ReferenceElsewhere,
            Code::ReferencesUnsought,
            Code::RolloutBlocked,
            Code::EndpointUntried,
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_belongs_to_one_check() {
        let count = |code: &Code| CHECKS.iter().filter(|check| check.codes.contains(code)).count();

        let astray: Vec<_> = Code::ALL.iter().filter(|code| count(code) != 1).map(|code| code.id()).collect();

        assert_eq!(astray, Vec::<&str>::new());
    }

    #[test]
    fn what_is_chosen_by_is_one_thing() {
        let checks = CHECKS.iter().map(|check| check.id);
        let groups = Group::ALL.iter().map(|group| group.id());
        let words: Vec<_> = checks.chain(groups).chain(Code::ALL.iter().map(|code| code.id())).collect();

        let each_once: BTreeSet<_> = words.iter().collect();

        assert_eq!(each_once.len(), words.len());
    }

    #[test]
    fn checks_are_told_group_by_group() {
        assert!(CHECKS.is_sorted_by_key(|check| check.group));
    }
}
