//! `kafka-configs`: dynamic configs of all kinds, quotas and SCRAM credentials (Kafka: ConfigCommand).

mod changes;
mod check;
mod credentials;
mod entity;
mod quotas;
mod resources;

use klamm_client::{Admin, ClientError};

use self::changes::Changes;
use self::entity::{Entities, EntityType};
use crate::admin_client::{Bootstrap, settings, with_admin};
use crate::java;
use crate::options::{
    BOOTSTRAP_CONTROLLER, BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, value,
};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct Configs;

impl OptionTool for Configs {
    const ABOUT: &'static str = "Show and change dynamic configs, quotas and SCRAM credentials";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        BOOTSTRAP_CONTROLLER,
        COMMAND_CONFIG,
        flag("alter", "Change configs"),
        flag("describe", "Show configs"),
        flag("all", "Show static configs and defaults as well"),
        value(
            "entity-type",
            "TYPE",
            "topics, brokers, broker-loggers, users, clients, ips, client-metrics or groups",
        ),
        value("entity-name", "NAME", "Whose configs"),
        flag("entity-default", "The defaults of all of the type"),
        value("add-config", "KEY=VALUE,...", "Configs to set; [a,b] holds a value with commas together"),
        value("add-config-file", "FILE", "Properties file with configs to set"),
        value("delete-config", "KEY,...", "Configs to remove").split_at(','),
        value("topic", "NAME", "Configs of a topic"),
        value("client", "ID", "Quotas of a client id"),
        flag("client-defaults", "Quotas of all clients"),
        value("user", "NAME", "Quotas and credentials of a user"),
        flag("user-defaults", "Quotas of all users"),
        value("broker", "ID", "Configs of a broker"),
        flag("broker-defaults", "Configs of all brokers"),
        value("broker-logger", "ID", "Log levels of a broker"),
        flag("ip-defaults", "Quotas of all addresses"),
        value("ip", "ADDRESS", "Quotas of an address"),
        value("group", "ID", "Configs of a group"),
        value("client-metrics", "NAME", "Configs of a subscription to client metrics"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        let entities = Entities::read(given)?;
        check::check(given, &entities)?;
        let bootstrap = Bootstrap::of(given.value("bootstrap-server")?, given.value("bootstrap-controller")?);
        let bootstrap = bootstrap.map_err(ToolError::Usage)?;
        let config =
            settings(bootstrap, given.value("command-config")?).map_err(|error| of_file(given, error))?;
        if given.has("alter") && entities.types.len() != entities.names.len() {
            return Err(ToolError::usage("An entity name must be specified for every entity type"));
        }
        if given.has("alter") {
            let changes = Changes::read(given).map_err(|error| of_file(given, error))?;
            return with_admin(config, async |admin| {
                alter(&admin, &entities, &changes, given, terminal).await
            });
        }
        with_admin(config, async |admin| describe(&admin, &entities, given, terminal).await)
    }
}

/// A file that cannot be read is told by the line that names it.
fn of_file(given: &Given, error: ToolError) -> ToolError {
    match error {
        ToolError::Failed(reason) => ToolError::Failed(format!(
            "Error while executing config command with args '{}'\n{reason}",
            given.line.join(" ")
        )),
        other => other,
    }
}

async fn describe(
    admin: &Admin,
    entities: &Entities,
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let wants_json = given.wants_json()?;
    let mut document = serde_json::Map::new();
    match entities.first() {
        EntityType::Users | EntityType::Clients | EntityType::Ips => {
            let found = quotas::describe(admin, entities, given).await?;
            if wants_json {
                document.insert("quotas".to_owned(), quotas::to_json(&found));
            } else {
                quotas::print(&found, terminal)?;
            }
            let shows_credentials = entities.first() != EntityType::Ips
                && !entities.types.contains(&EntityType::Clients)
                && !entities.names.iter().any(String::is_empty);
            if shows_credentials {
                let found = credentials::describe(admin, entities, given).await?;
                if wants_json {
                    document.insert("credentials".to_owned(), credentials::to_json(&found));
                } else {
                    credentials::print(&found, terminal)?;
                }
            }
        }
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::BrokerLoggers
        | EntityType::ClientMetrics
        | EntityType::Groups => {
            let kind = entities.first();
            let found = resources::describe(admin, entities, given, terminal).await?;
            if wants_json {
                document.insert("configs".to_owned(), resources::to_json(kind, &found));
            }
        }
    }
    if wants_json {
        writeln!(terminal.out, "{}", serde_json::Value::Object(document))?;
    }
    Ok(())
}

async fn alter(
    admin: &Admin,
    entities: &Entities,
    changes: &Changes,
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    match entities.first() {
        EntityType::Users | EntityType::Clients => {
            changes.check_user_or_client(entities)?;
            if changes.touch_quotas() {
                quotas::alter(admin, entities, changes, given).await?;
            } else {
                credentials::alter(admin, entities, changes, given).await?;
            }
        }
        EntityType::Ips => {
            changes.check_ip()?;
            quotas::alter(admin, entities, changes, given).await?;
        }
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::BrokerLoggers
        | EntityType::ClientMetrics
        | EntityType::Groups => resources::alter(admin, entities, changes, given).await?,
    }
    let (kind, name) = (entities.first(), entities.first_name());
    if given.wants_json()? {
        let name = Some(name).filter(|name| !name.is_empty());
        let updated = serde_json::json!({"updated": {"entity_type": kind.name(), "entity_name": name}});
        return Ok(writeln!(terminal.out, "{updated}")?);
    }
    match name {
        "" => {
            writeln!(terminal.out, "Completed updating default config for {} in the cluster.", kind.name())?;
        }
        name => writeln!(terminal.out, "Completed updating config for {} {name}.", kind.singular())?,
    }
    Ok(())
}

/// What the cluster refused, as a failure that repeats the line.
fn failed(given: &Given, error: &ClientError) -> ToolError {
    ToolError::Failed(format!(
        "Error while executing config command with args '{}'\njava.util.concurrent.ExecutionException: {}",
        given.line.join(" "),
        java::exception(error)
    ))
}
