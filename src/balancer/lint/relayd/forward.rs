//! `forward to` and `route to`: whom a relay or redirect leads to, and how it looks at them.

use std::borrow::Cow;

use super::{
    super::{
        Listen, Pool, PoolServer, Serves,
        words::{Statement, Word},
    },
    config::{self, Config},
};

pub(super) struct Forward<'c, 'a> {
    pub config: &'c Config<'a>,
    /// The relay or redirect.
    pub around: &'c Statement<'a>,
    pub it: &'c Statement<'a>,
    pub serves: Serves,
    pub servers: Vec<PoolServer>,
}

pub(super) fn all<'c, 'a>(config: &'c Config<'a>) -> Vec<Forward<'c, 'a>> {
    let around = config.statements.iter().filter(|it| matches!(it.name(), "relay" | "redirect"));
    around
        .flat_map(|around| {
            let lines = around.body().iter().filter(|it| matches!(it.name(), "forward" | "route"));
            lines.filter_map(|it| Forward::of(config, around, it))
        })
        .collect()
}

impl<'c, 'a> Forward<'c, 'a> {
    fn of(config: &'c Config<'a>, around: &'c Statement<'a>, it: &'c Statement<'a>) -> Option<Self> {
        let to = it.args().iter().position(|word| word.text == "to")?;
        let target = *it.args().get(to + 1)?;
        let mut servers = match target.text.starts_with('<') {
            true => config.hosts(target.text),
            false => vec![config::server(&config.meaning(target)?, target.line)],
        };
        let mut forward = Self { config, around, it, serves: Serves::Other, servers: vec![] };
        let listens = forward.listens();
        let port = match forward.after("port") {
            Some(port) => config.meaning(port)?.parse().ok(),
            None => listens.first().map(|listen| listen.port),
        };
        servers.iter_mut().for_each(|server| server.port = port);
        let name = format!("{} {}", target.text, around.arg(0).unwrap_or_default());
        forward.serves = Serves::of(&name, &port.into_iter().collect::<Vec<_>>());
        Some(Self { servers, ..forward })
    }

    pub fn is_redirect(&self) -> bool {
        self.around.name() == "redirect"
    }

    /// The word after another one.
    pub fn after(&self, name: &str) -> Option<Word<'a>> {
        let at = self.it.args().iter().position(|word| word.text == name)?;
        self.it.args().get(at + 1).copied()
    }

    /// What stands after `check`, up to the end.
    pub fn check(&self) -> Option<Vec<Cow<'a, str>>> {
        let at = self.it.args().iter().position(|word| word.text == "check")?;
        Some(self.it.args()[at + 1..].iter().map(|word| word.value()).collect())
    }

    /// The line as it would be written anew.
    pub fn written(&self) -> String {
        let words: Vec<_> = self.it.words.iter().map(|word| word.text).collect();
        words.join(" ")
    }

    fn listens(&self) -> Vec<Listen> {
        let lines = self.around.all("listen");
        lines.filter_map(|it| listen(self.config, it)).collect()
    }

    pub fn pool(&self) -> Pool<'a> {
        Pool {
            source: self.config.source,
            serves: self.serves,
            line: self.it.line,
            name: self.around.arg(0).unwrap_or_default().into_owned(),
            servers: self.servers.clone(),
            listens: self.listens(),
        }
    }
}

/// `listen on ADDRESS port PORT`.
fn listen(config: &Config<'_>, it: &Statement<'_>) -> Option<Listen> {
    let after = |name: &str| {
        let at = it.args().iter().position(|word| word.text == name)?;
        config.meaning(*it.args().get(at + 1)?)
    };
    let host = after("on").filter(|host| !matches!(host.as_ref(), "0.0.0.0" | "::" | "*"));
    Some(Listen { line: it.line, host: host.map(Cow::into_owned), port: after("port")?.parse().ok()? })
}
