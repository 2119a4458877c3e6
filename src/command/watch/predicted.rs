//! What the balancers' configurations let expect of an outage.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::{
    balancer::{
        lint::{self, ControlPlane, Facts, Source},
        render::{self, File, Kind, Proxy},
    },
    cli::{Common, Values, Watch},
    command::shared::{configuration, remote, wanted::wanted},
    endpoint::Endpoint,
    error::Error,
    watch::Prediction,
    world::World,
};

pub(super) fn read(args: &Watch, common: &Common, world: &World) -> Result<Vec<Prediction>, Error> {
    let (sources, plane) = match args.predict.as_deref() {
        None => return Ok(vec![]),
        Some([]) => of_inventory(args, common, world)?,
        Some(files) => (files.iter().map(|path| of_file(path)).collect::<Result<_, _>>()?, None),
    };
    let facts = Facts { plane: plane.as_ref(), today: (world.now)().to_zoned(TimeZone::UTC).date() };
    let bounds = lint::bounds(&sources, &facts);
    if bounds.is_empty() {
        return Err(Error::Usage {
            message: "nothing in these files lets expect how long an outage lasts".into(),
            hint: "name a file of HAProxy's that checks its API servers, or keepalived's; `cpctl lb lint FILE` tells what is \
                   seen in it"
                .into(),
        });
    }
    let prediction = |bound: lint::Bound| Prediction {
        by: format!("{}, {}", bound.file, bound.of),
        what: bound.what,
        within: bound.within,
    };
    Ok(bounds.into_iter().map(prediction).collect())
}

/// A file; an address is what stands there where somebody meant ENDPOINT.
fn of_file(path: &Path) -> Result<Source, Error> {
    let address = path.to_str().and_then(|text| text.parse::<Endpoint>().ok());
    match address {
        Some(address) if !path.exists() => Err(Error::Usage {
            message: format!("`--predict` names {address}, which is an address and no file"),
            hint: format!("put ENDPOINT before it: `cpctl watch {address} --predict`"),
        }),
        _ => configuration::at(path),
    }
}

/// What the balancers' machines have; where none is named, what would be written for one. With it the nodes that they are
/// to lead to.
fn of_inventory(
    args: &Watch,
    common: &Common,
    world: &World,
) -> Result<(Vec<Source>, Option<ControlPlane>), Error> {
    let inventory = remote::inventory(common)?;
    let plane = inventory
        .as_ref()
        .map(|inventory| configuration::control_plane(inventory, |node| world.reach.host(node)));
    if inventory.as_ref().is_some_and(|inventory| !inventory.balancers.is_empty()) {
        return Ok((remote::all(inventory.as_ref(), world)?, plane));
    }
    let values = Values { endpoint: args.endpoint.clone(), ..Values::default() };
    let wanted = wanted(&values, Proxy::Haproxy, inventory.as_ref(), world)?;
    let written = render::render(Kind::Haproxy, &wanted).map_err(|error| unwritten(&error))?.into_iter();
    let source = |file: File| Source {
        name: "what `lb render haproxy` would write".into(),
        text: file.text,
        mode: None,
        kind: Some(lint::Kind::Haproxy),
    };
    Ok((written.map(source).collect(), plane))
}

fn unwritten(error: &render::Error) -> Error {
    Error::Usage {
        message: format!("what would be written for a balancer is not known: {error}"),
        hint: "`cpctl lb render haproxy` tells what to write into the inventory; or name a balancer's own file: \
               `--predict FILE`"
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_not_taken_for_a_file_that_is_missing() {
        let address = of_file(Path::new("10.0.0.3:6443")).err();
        let missing = of_file(Path::new("nowhere/haproxy.cfg")).err();

        let Some(Error::Usage { hint, .. }) = &address else { panic!("{address:?}") };
        assert_eq!(hint, "put ENDPOINT before it: `cpctl watch 10.0.0.3:6443 --predict`");
        assert!(matches!(missing, Some(Error::Read { .. })), "{missing:?}");
    }
}
