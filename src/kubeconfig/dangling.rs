//! References to names that no file defines.

use std::collections::HashSet;

use super::{
    near::nearest,
    read::{Context, Field, Kubeconfig},
};
use crate::report::{Code, Finding};

/// Every name that some file defines.
pub(super) struct Names<'k> {
    clusters: HashSet<&'k str>,
    users: HashSet<&'k str>,
    contexts: HashSet<&'k str>,
}

impl<'k> Names<'k> {
    pub fn of(kubeconfig: &'k Kubeconfig<'_>) -> Self {
        Self {
            clusters: kubeconfig.clusters().map(|cluster| cluster.name.value.as_ref()).collect(),
            users: kubeconfig
                .files
                .iter()
                .flat_map(|file| &file.users)
                .map(|user| user.value.as_ref())
                .collect(),
            contexts: kubeconfig.contexts().map(|context| context.name.value.as_ref()).collect(),
        }
    }

    pub fn dangling(&self, context: &Context<'_>) -> Vec<Finding> {
        let finding = |what: &str, field: &Field<'_>, near: Option<&str>| {
            let (name, wanted) = (&context.name.value, &field.value);
            Finding::new(
                Code::KubeconfigDangling,
                context.seen.at(field.line),
                format!("context `{name}` names the {what} `{wanted}`, which no file defines"),
            )
            .remedy(format!("`kubectl config set-context {name} --{what} {}`", near.unwrap_or("NAME")))
        };
        let look = |what, field: &Option<Field<'_>>, names: &HashSet<&str>| {
            let field = field.as_ref().filter(|field| !names.contains(field.value.as_ref()))?;
            Some(finding(what, field, nearest(&field.value, names.iter().copied())))
        };
        let found =
            [look("cluster", &context.cluster, &self.clusters), look("user", &context.user, &self.users)];
        found.into_iter().flatten().collect()
    }

    pub fn dangling_current(&self, kubeconfig: &Kubeconfig<'_>) -> Option<Finding> {
        let (name, file) =
            kubeconfig.current().filter(|(name, _)| !self.contexts.contains(name.value.as_ref()))?;
        let near = nearest(&name.value, self.contexts.iter().copied()).unwrap_or("NAME");
        let message = format!("the current context `{}` is not defined", name.value);
        Some(
            Finding::new(Code::KubeconfigDangling, file.at(name.line), message)
                .remedy(format!("`kubectl config use-context {near}`")),
        )
    }
}
