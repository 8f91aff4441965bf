//! `kafka-metadata-quorum`: the metadata quorum and its voters (Kafka: MetadataQuorumCommand).

mod describe;
mod voters;

use klamm_config::Properties;

use crate::admin_client::{Bootstrap, properties, settings_with, with_admin};
use crate::options::commands::{
    CommandEntry, CommandTool, Does, Exclusive, GivenCommand, OptionTable, option,
};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct MetadataQuorum;

impl CommandTool for MetadataQuorum {
    const ABOUT: &'static str = "Show the metadata quorum; add and remove controllers";
    const OPTIONS: OptionTable = OptionTable {
        options: &[
            option("--bootstrap-server", Does::Keep, "Brokers to ask first"),
            option("--bootstrap-controller", Does::Keep, "Controllers to ask first"),
            option(
                "--command-config",
                Does::Keep,
                "Properties of the client; for add-controller those of the new controller too",
            ),
        ],
        exclusive: Exclusive::ExactlyOne,
    };
    const COMMANDS: &'static [CommandEntry] = &[
        CommandEntry {
            name: "describe",
            help: "Show the quorum",
            table: OptionTable {
                options: &[
                    option("--status", Does::Switch, "A summary"),
                    option("--replication", Does::Switch, "Each replica"),
                    option("--human-readable", Does::Switch, "Times as distances from now"),
                    option("--output", Does::Keep, "Form of the output: text or json").short("-o"),
                ],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "add-controller",
            help: "Let a controller that follows the quorum vote in it",
            table: OptionTable {
                options: &[option("--dry-run", Does::Switch, "Only say what would be done")],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "remove-controller",
            help: "Take a controller out of the quorum",
            table: OptionTable {
                options: &[
                    option("--controller-id", Does::KeepNumber, "Its node id").short("-i").required(),
                    option("--controller-directory-id", Does::Keep, "Its directory's id")
                        .short("-d")
                        .required(),
                    option("--dry-run", Does::Switch, "Only say what would be done"),
                ],
                exclusive: Exclusive::None,
            },
        },
    ];

    fn run(given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
        let file = given.value("command-config");
        if let Some(file) = file.filter(|file| !std::path::Path::new(file).exists()) {
            return Err(ToolError::Failed(format!("Properties file {file} does not exists!")));
        }
        let properties: Properties = properties(file)?;
        let bootstrap = Bootstrap::of(given.value("bootstrap-server"), given.value("bootstrap-controller"));
        let config = settings_with(bootstrap.map_err(ToolError::Usage)?, properties.clone())?;
        with_admin(config, async |admin| match given.command {
            "describe" => describe::describe(&admin, given, terminal).await,
            "add-controller" if file.is_none() => Err(ToolError::failed(
                "You must supply the configuration file of the controller you are adding when using add-controller.",
            )),
            "add-controller" => voters::add(&admin, &properties, given, terminal).await,
            _ => voters::remove(&admin, given, terminal).await,
        })
    }
}
