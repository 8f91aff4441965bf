//! Whose configs a line is about.

use crate::options::Given;
use crate::tool::ToolError;

/// A kind of holder of configs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntityType {
    Topics,
    Clients,
    Users,
    Brokers,
    BrokerLoggers,
    Ips,
    ClientMetrics,
    Groups,
}

/// Options that name a type and an entity, in Kafka's order.
const FLAGS: [(&str, EntityType); 8] = [
    ("topic", EntityType::Topics),
    ("client", EntityType::Clients),
    ("user", EntityType::Users),
    ("broker", EntityType::Brokers),
    ("broker-logger", EntityType::BrokerLoggers),
    ("ip", EntityType::Ips),
    ("client-metrics", EntityType::ClientMetrics),
    ("group", EntityType::Groups),
];

/// Options that name a type and its default entity.
const DEFAULT_FLAGS: [(&str, EntityType); 4] = [
    ("client-defaults", EntityType::Clients),
    ("user-defaults", EntityType::Users),
    ("broker-defaults", EntityType::Brokers),
    ("ip-defaults", EntityType::Ips),
];

impl EntityType {
    /// All, in the order in which Kafka lists them.
    const LISTED: [EntityType; 8] = [
        EntityType::Topics,
        EntityType::Clients,
        EntityType::Users,
        EntityType::Brokers,
        EntityType::Ips,
        EntityType::ClientMetrics,
        EntityType::Groups,
        EntityType::BrokerLoggers,
    ];

    /// The name in options.
    pub(super) fn name(self) -> &'static str {
        match self {
            EntityType::Topics => "topics",
            EntityType::Clients => "clients",
            EntityType::Users => "users",
            EntityType::Brokers => "brokers",
            EntityType::BrokerLoggers => "broker-loggers",
            EntityType::Ips => "ips",
            EntityType::ClientMetrics => "client-metrics",
            EntityType::Groups => "groups",
        }
    }

    /// The name without its last letter, as Kafka says it.
    pub(super) fn singular(self) -> &'static str {
        let name = self.name();
        &name[..name.len() - 1]
    }

    /// The number of a config resource; quotas and credentials have none.
    pub(super) fn resource(self) -> Option<i8> {
        match self {
            EntityType::Topics => Some(2),
            EntityType::Brokers => Some(4),
            EntityType::BrokerLoggers => Some(8),
            EntityType::ClientMetrics => Some(16),
            EntityType::Groups => Some(32),
            EntityType::Users | EntityType::Clients | EntityType::Ips => None,
        }
    }

    fn from_name(name: &str) -> Result<EntityType, ToolError> {
        let known = EntityType::LISTED;
        known.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|kind| kind.name()).collect();
            ToolError::Usage(format!(
                "Invalid entity type {name}, the entity type must be one of {} with a --bootstrap-server or \
                 --bootstrap-controller argument",
                names.join(", ")
            ))
        })
    }
}

/// The entities of a line: their types and names, each in its own order; the empty name is the default.
#[derive(Debug)]
pub(super) struct Entities {
    pub(super) types: Vec<EntityType>,
    pub(super) names: Vec<String>,
}

impl Entities {
    /// Reads types and names. Not yet checked: see [`super::check`].
    pub(super) fn read(given: &Given) -> Result<Entities, ToolError> {
        if given.count(&["alter", "describe"]) != 1 {
            return Err(ToolError::usage("Command must include exactly one action: --describe, --alter"));
        }
        given.exclude("describe", &["alter", "add-config", "delete-config"])?;
        let flags = FLAGS.iter().filter(|(name, _)| given.has(name));
        let default_flags = || DEFAULT_FLAGS.iter().filter(|(name, _)| given.has(name));
        let mut written = given.values("entity-type");
        let of_flags: Vec<&(&str, EntityType)> = flags.chain(default_flags()).collect();
        written.extend(of_flags.iter().map(|(_, kind)| kind.name()));
        let twice: Vec<&str> = (0..written.len())
            .filter(|at| written[..*at].contains(&written[*at]))
            .map(|at| written[at])
            .collect();
        if !twice.is_empty() {
            return Err(ToolError::Usage(format!("Duplicate entity type(s) specified: {}", twice.join(","))));
        }
        if given.count(&["bootstrap-server", "bootstrap-controller"]) == 0 {
            return Err(ToolError::usage(
                "Either --bootstrap-server or --bootstrap-controller must be specified.",
            ));
        }
        let types = written.into_iter().map(EntityType::from_name).collect::<Result<Vec<_>, _>>()?;
        let mut names: Vec<String> = Vec::new();
        for (option, value) in given.in_order() {
            match option {
                "entity-name" => names.push(value.unwrap_or_default().to_owned()),
                "entity-default" => names.push(String::new()),
                _ => {}
            }
        }
        for (name, _) in FLAGS {
            if given.has(name) {
                names.push(given.value(name)?.unwrap_or_default().to_owned());
            }
        }
        names.extend(default_flags().map(|_| String::new()));
        Ok(Entities { types, names })
    }

    /// Whether an option of one type, such as `--topic`, is there.
    pub(super) fn has_flags(given: &Given) -> bool {
        FLAGS.iter().chain(&DEFAULT_FLAGS).any(|(name, _)| given.has(name))
    }

    /// The first type; checked entities have one.
    pub(super) fn first(&self) -> EntityType {
        self.types.first().copied().unwrap_or(EntityType::Topics)
    }

    /// The first name, empty for the default.
    pub(super) fn first_name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The types, as Kafka lists them in complaints.
    pub(super) fn type_names(&self) -> String {
        let names: Vec<&str> = self.types.iter().map(|kind| kind.name()).collect();
        names.join(",")
    }
}
