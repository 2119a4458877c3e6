//! What the API knows us by, put into the head of a request.

use http::{Request, Response, request::Parts};
use kube::client::{AuthError, ConfigExt as _};
use tower::{BoxError, ServiceBuilder, ServiceExt as _, service_fn, util::BoxCloneSyncService};

use super::access::Login;

/// The address, the token where there is one, and who is impersonated.
#[derive(Clone)]
pub(super) struct Credentials(BoxCloneSyncService<Request<String>, Response<Parts>, BoxError>);

impl Credentials {
    pub(super) fn of(login: &Login) -> Result<Self, String> {
        let config = &login.config;
        let service = ServiceBuilder::new()
            .layer(config.base_uri_layer())
            .option_layer(config.auth_layer().map_err(|error| error.to_string())?)
            .layer(config.extra_headers_layer().map_err(|error| error.to_string())?)
            .map_err(BoxError::from)
            .service(service_fn(async |request: Request<String>| {
                Ok::<_, BoxError>(Response::new(request.into_parts().0))
            }));
        Ok(Self(BoxCloneSyncService::new(service)))
    }

    /// The head of a request, or why its credentials cannot be used.
    pub(super) async fn head(&self, path: &str) -> Result<Parts, String> {
        let request = Request::get(path).body(String::new()).expect("a path makes a request");
        self.0.clone().oneshot(request).await.map(Response::into_body).map_err(|error| words(&error))
    }
}

/// What a plugin printed is left out: it may hold the token.
fn words(error: &BoxError) -> String {
    match error.downcast_ref() {
        Some(AuthError::InvalidBearerToken(_)) => "its token holds a character that no header may".into(),
        Some(AuthError::AuthExecRun { cmd, out }) => {
            format!("its credential plugin `{cmd}` ended with {}", out.status)
        }
        Some(AuthError::AuthExecParse(_) | AuthError::ParseTokenKey(_)) => {
            "its credential plugin gave no credentials".into()
        }
        _ => format!("its credentials cannot be used: {error}"),
    }
}
