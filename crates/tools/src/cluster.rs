//! `kafka-cluster`: the cluster's id, its endpoints and what they speak, and removing brokers (Kafka:
//! ClusterTool; KIP-1220 for `api-versions`).

use klamm_client::net::BrokerVersions;
use klamm_client::{Admin, ClientError};
use klamm_protocol::ApiKey;
use klamm_protocol::messages::api_versions_response::ApiVersion;
use klamm_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use klamm_protocol::messages::{DescribeClusterRequest, DescribeClusterResponse, UnregisterBrokerRequest};
use serde_json::{Value, json};

use crate::admin_client::{Bootstrap, settings, with_admin};
use crate::java;
use crate::options::commands::{
    CommandEntry, CommandOption, CommandTool, Does, Exclusive, GivenCommand, OptionTable, option,
};
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, Opt, OptionTool};
use crate::tool::{Terminal, ToolError, ToolResult};

const SERVER: CommandOption = option("--bootstrap-server", Does::Keep, "Brokers to ask first").short("-b");
const CONTROLLER: CommandOption =
    option("--bootstrap-controller", Does::Keep, "Controllers to ask first").short("-C");
const CONFIG: CommandOption = option("--config", Does::Keep, "Deprecated: use --command-config");
const FILE: CommandOption =
    option("--command-config", Does::Keep, "Properties of the client that speaks to the cluster").short("-c");
const OUTPUT: CommandOption = option("--output", Does::Keep, "Form of the output: text or json").short("-o");

/// DescribeCluster's number for controllers.
const CONTROLLERS: i8 = 2;

/// The tool.
pub(crate) struct ClusterTool;

impl CommandTool for ClusterTool {
    const ABOUT: &'static str = "Show the cluster's id, endpoints and versions; unregister brokers";
    const OPTIONS: OptionTable = OptionTable { options: &[], exclusive: Exclusive::None };
    const IS_HELP_A_FAILURE: bool = true;
    const COMMANDS: &'static [CommandEntry] = &[
        CommandEntry {
            name: "cluster-id",
            help: "Show the cluster's id",
            table: OptionTable {
                options: &[SERVER, CONTROLLER, CONFIG, FILE, OUTPUT],
                exclusive: Exclusive::ExactlyOne,
            },
        },
        CommandEntry {
            name: "unregister",
            help: "Take a broker that is gone out of the cluster",
            table: OptionTable {
                options: &[
                    SERVER,
                    CONTROLLER,
                    CONFIG,
                    FILE,
                    option("--id", Does::KeepNumber, "The broker's id").short("-i").required(),
                ],
                exclusive: Exclusive::ExactlyOne,
            },
        },
        CommandEntry {
            name: "list-endpoints",
            help: "List the brokers, or the controllers, and where they listen",
            table: OptionTable {
                options: &[
                    SERVER,
                    CONTROLLER,
                    CONFIG,
                    FILE,
                    option("--include-fenced-brokers", Does::Switch, "List brokers that are fenced too"),
                    OUTPUT,
                ],
                exclusive: Exclusive::ExactlyOne,
            },
        },
        CommandEntry {
            name: "api-versions",
            help: "Show which versions of each request the nodes speak",
            table: OptionTable {
                options: &[SERVER, CONTROLLER, CONFIG, FILE, OUTPUT],
                exclusive: Exclusive::ExactlyOne,
            },
        },
    ];

    fn run(given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
        let mut file = given.value("command-config");
        if let Some(old) = given.value("config") {
            if file.is_some() {
                return Err(ToolError::failed("--config and --command-config cannot be specified together."));
            }
            writeln!(
                terminal.out,
                "Option --config has been deprecated and will be removed in a future version. Use --command-config \
                 instead."
            )?;
            file = Some(old);
        }
        let bootstrap = Bootstrap::of(given.value("bootstrap-server"), given.value("bootstrap-controller"));
        let bootstrap = bootstrap.map_err(ToolError::Usage)?;
        let config = settings(bootstrap, file)?;
        let of_controllers = matches!(bootstrap, Bootstrap::Controllers(_));
        with_admin(config, async |admin| match given.command {
            "cluster-id" => cluster_id(&admin, given, terminal).await,
            "unregister" => unregister(&admin, given, terminal).await,
            "list-endpoints" => list_endpoints(&admin, of_controllers, given, terminal).await,
            _ => api_versions(&admin, of_controllers, wants_json(given), terminal).await,
        })
    }
}

/// `kafka-broker-api-versions`: what `cluster api-versions` replaces.
pub(crate) struct BrokerApiVersions;

impl OptionTool for BrokerApiVersions {
    const ABOUT: &'static str = "Show which versions of each request the brokers speak";
    const OPTIONS: &'static [Opt] = &[BOOTSTRAP_SERVER, COMMAND_CONFIG];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        given.require(&["bootstrap-server"])?;
        let config = crate::admin_client::settings_of(given)?;
        with_admin(config, async |admin| api_versions(&admin, false, false, terminal).await)
    }
}

fn wants_json(given: &GivenCommand) -> bool {
    given.value("output") == Some("json")
}

fn failed(error: ClientError) -> ToolError {
    ToolError::Failed(java::exception(&error))
}

async fn describe(
    admin: &Admin,
    request: DescribeClusterRequest,
) -> Result<DescribeClusterResponse, ToolError> {
    let response = admin.describe_cluster(&request).await.map_err(failed)?;
    ClientError::check_with(response.error_code, response.error_message.as_deref()).map_err(failed)?;
    Ok(response)
}

async fn cluster_id(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let is_controller = given.has("bootstrap-controller");
    let response = describe(admin, request(is_controller, false)).await?;
    if wants_json(given) {
        let id = json!({"cluster_id": response.cluster_id.as_str()});
        return Ok(writeln!(terminal.out, "{id}")?);
    }
    Ok(writeln!(terminal.out, "Cluster ID: {}", response.cluster_id)?)
}

fn request(of_controllers: bool, include_fenced_brokers: bool) -> DescribeClusterRequest {
    DescribeClusterRequest {
        endpoint_type: if of_controllers { CONTROLLERS } else { 1 },
        include_fenced_brokers,
        ..DescribeClusterRequest::default()
    }
}

async fn unregister(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let id = given.number("id").unwrap_or_default();
    let request = UnregisterBrokerRequest { broker_id: id, ..UnregisterBrokerRequest::default() };
    match admin.unregister_broker(&request).await {
        Ok(response) => {
            ClientError::check_with(response.error_code, response.error_message.as_deref())
                .map_err(failed)?;
            writeln!(terminal.out, "Broker {id} is no longer registered.")?;
        }
        Err(ClientError::UnsupportedVersion { .. }) => {
            writeln!(terminal.out, "The target cluster does not support the broker unregistration API.")?;
        }
        Err(error) => return Err(failed(error)),
    }
    Ok(())
}

async fn list_endpoints(
    admin: &Admin,
    of_controllers: bool,
    given: &GivenCommand,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let with_fenced = given.has("include-fenced-brokers");
    if with_fenced && of_controllers {
        return Err(ToolError::failed(
            "The option --include-fenced-brokers is only supported with --bootstrap-server option",
        ));
    }
    let nodes = describe(admin, request(of_controllers, with_fenced)).await?.brokers;
    if wants_json(given) {
        let nodes: Vec<Value> = nodes.iter().map(|node| node_json(node, of_controllers)).collect();
        return Ok(writeln!(terminal.out, "{}", Value::from(nodes))?);
    }
    let host_width = nodes.iter().map(|node| node.host.len()).max().unwrap_or(100);
    let rack_width =
        nodes.iter().filter_map(|node| node.rack.as_ref()).map(|rack| rack.len()).max().unwrap_or(10);
    let mut line = |id: &str, host: &str, port: &str, rack: &str, state: &str, kind: &str| {
        write!(terminal.out, "{id:10} {host:host_width$} {port:10} {rack:rack_width$} ")?;
        if !of_controllers {
            write!(terminal.out, "{state:10} ")?;
        }
        writeln!(terminal.out, "{kind:15}")
    };
    line("ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE")?;
    for node in &nodes {
        let rack = node.rack.as_deref().unwrap_or("null");
        let state = if node.is_fenced { "fenced" } else { "unfenced" };
        let kind = if of_controllers { "controller" } else { "broker" };
        line(&node.broker_id.to_string(), &node.host, &node.port.to_string(), rack, state, kind)?;
    }
    Ok(())
}

fn node_json(node: &DescribeClusterBroker, of_controllers: bool) -> Value {
    json!({
        "id": node.broker_id,
        "host": node.host.as_str(),
        "port": node.port,
        "rack": node.rack.as_deref(),
        "fenced": node.is_fenced,
        "type": if of_controllers { "controller" } else { "broker" },
    })
}

async fn api_versions(
    admin: &Admin,
    of_controllers: bool,
    as_json: bool,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let nodes = describe(admin, request(of_controllers, false)).await?.brokers;
    let mut shown = Vec::new();
    for node in &nodes {
        let versions = admin.api_versions(node.broker_id).await;
        if as_json {
            let versions = versions.map_err(failed)?;
            let apis = versions.response().api_keys.iter().map(api_json);
            shown.push(json!({"node": node.broker_id, "apis": apis.collect::<Vec<_>>()}));
            continue;
        }
        let rack = node.rack.as_deref().unwrap_or("null");
        let (host, port, id, is_fenced) = (&node.host, node.port, node.broker_id, node.is_fenced);
        write!(terminal.out, "{host}:{port} (id: {id} rack: {rack} isFenced: {is_fenced}) -> ")?;
        match versions {
            Ok(versions) => writeln!(terminal.out, "{}", versions_text(&versions))?,
            Err(error) => writeln!(terminal.out, "ERROR: {}", java::exception(&error))?,
        }
    }
    if as_json {
        writeln!(terminal.out, "{}", Value::from(shown))?;
    }
    Ok(())
}

fn api_json(row: &ApiVersion) -> Value {
    json!({
        "key": row.api_key,
        "name": ApiKey::from_i16(row.api_key).map(ApiKey::name),
        "min": row.min_version,
        "max": row.max_version,
    })
}

/// A line per request, by number; what brokers could speak and this one does not is told too.
fn versions_text(versions: &BrokerVersions) -> String {
    let rows = versions.response().api_keys.iter();
    let mut lines: std::collections::BTreeMap<i16, String> =
        rows.map(|row| (row.api_key, row_text(row))).collect();
    for api in ApiKey::ALL.into_iter().filter(|api| api.on_brokers()) {
        lines.entry(api.code()).or_insert_with(|| format!("{}({}): UNSUPPORTED", api.name(), api.code()));
    }
    let lines: Vec<String> = lines.into_values().collect();
    format!("(\n\t{}\n)", lines.join(",\n\t"))
}

fn row_text(row: &ApiVersion) -> String {
    let range = if row.min_version == row.max_version {
        row.min_version.to_string()
    } else {
        format!("{} to {}", row.min_version, row.max_version)
    };
    let Some(api) = ApiKey::from_i16(row.api_key) else {
        return format!("UNKNOWN({}): {range}", row.api_key);
    };
    let ours = api.versions();
    let usable = if *ours.end() < row.min_version {
        "unusable: node too new".to_owned()
    } else if row.max_version < *ours.start() {
        "unusable: node too old".to_owned()
    } else {
        format!("usable: {}", ours.end().min(&row.max_version))
    };
    format!("{}({}): {range} [{usable}]", api.name(), api.code())
}
