//! The administrator of tools: whom to ask, its settings from a file, and the runtime of its calls.

use std::future::Future;
use std::path::Path;

use klamm_client::{Admin, ClientConfig};
use klamm_config::Properties;

use crate::options::Given;
use crate::tool::ToolError;

/// Whom to ask first.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bootstrap<'a> {
    /// Brokers, `host:port,...`.
    Servers(&'a str),
    /// Controllers, `host:port,...`.
    Controllers(&'a str),
}

impl<'a> Bootstrap<'a> {
    /// Exactly one of both options.
    pub(crate) fn of(
        servers: Option<&'a str>,
        controllers: Option<&'a str>,
    ) -> Result<Bootstrap<'a>, String> {
        match (servers, controllers) {
            (Some(servers), None) => Ok(Bootstrap::Servers(servers)),
            (None, Some(controllers)) => Ok(Bootstrap::Controllers(controllers)),
            (Some(_), Some(_)) => {
                Err("You cannot specify both --bootstrap-controller and --bootstrap-server.".into())
            }
            (None, None) => {
                Err("You must specify either --bootstrap-controller or --bootstrap-server.".into())
            }
        }
    }
}

/// The properties of a `--command-config` file; none without a file. A missing file is told by its name.
pub(crate) fn properties(file: Option<&str>) -> Result<Properties, ToolError> {
    match file {
        None => Ok(Properties::new()),
        Some(file) if !Path::new(file).exists() => Err(ToolError::failed(file)),
        Some(file) => Properties::read_file(Path::new(file)).map_err(ToolError::failed),
    }
}

/// The settings of an administrator.
pub(crate) fn settings(bootstrap: Bootstrap<'_>, file: Option<&str>) -> Result<ClientConfig, ToolError> {
    settings_with(bootstrap, properties(file)?)
}

/// As [`settings`], from properties that were read.
pub(crate) fn settings_with(
    bootstrap: Bootstrap<'_>,
    mut properties: Properties,
) -> Result<ClientConfig, ToolError> {
    // The line names one of both; the file must not bring in the other.
    let (key, other, addresses) = match bootstrap {
        Bootstrap::Servers(servers) => ("bootstrap.servers", "bootstrap.controllers", servers),
        Bootstrap::Controllers(controllers) => ("bootstrap.controllers", "bootstrap.servers", controllers),
    };
    properties.set(key, addresses);
    let kept = properties.iter().filter(|(name, _)| *name != other);
    let properties = Properties::from_iter(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    ClientConfig::from_properties(&properties)
        .map_err(|_| ToolError::failed("Failed to create new KafkaAdminClient"))
}

/// The settings that `--bootstrap-server` and `--command-config` give.
pub(crate) fn settings_of(given: &Given) -> Result<ClientConfig, ToolError> {
    let servers = given.value("bootstrap-server")?.unwrap_or_default();
    settings(Bootstrap::Servers(servers), given.value("command-config")?)
}

/// Runs `work` with an administrator on a runtime of its own. Blocks.
pub(crate) fn with_admin<T, W, F>(config: ClientConfig, work: W) -> Result<T, ToolError>
where
    W: FnOnce(Admin) -> F,
    F: Future<Output = Result<T, ToolError>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { work(Admin::new(config)).await })
}
