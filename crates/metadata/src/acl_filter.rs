//! Which access control entries a filter of DescribeAcls or DeleteAcls means.

use crate::image::{AclEntry, AclOperation, PatternType, PermissionType, ResourceType};

/// A filter; `None` and `Any` stand for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AclFilter<'a> {
    /// Type of the resource.
    pub resource_type: ResourceType,
    /// Its name.
    pub resource_name: Option<&'a str>,
    /// How the name is compared: `Match` finds every entry that applies to it.
    pub pattern_type: PatternType,
    /// Whom the entry concerns.
    pub principal: Option<&'a str>,
    /// The entry's host, as it stands there.
    pub host: Option<&'a str>,
    /// What the entry is about.
    pub operation: AclOperation,
    /// Whether it lets or forbids.
    pub permission: PermissionType,
}

impl AclFilter<'_> {
    /// What to say of a filter with a part that this version does not know.
    pub fn unknown_part(&self) -> Option<&'static str> {
        let resource = matches!(self.resource_type, ResourceType::Unknown(_));
        if resource || matches!(self.pattern_type, PatternType::Unknown(_)) {
            return Some("Unknown patternFilter.");
        }
        let operation = matches!(self.operation, AclOperation::Unknown(_));
        let unknown = operation || matches!(self.permission, PermissionType::Unknown(_));
        unknown.then_some("Unknown entryFilter.")
    }

    /// Whether the filter means `entry`.
    pub fn matches(&self, entry: &AclEntry) -> bool {
        let is = |wanted: Option<&str>, value: &str| wanted.is_none_or(|wanted| wanted == value);
        let resource = self.resource_type == ResourceType::Any || self.resource_type == entry.resource_type;
        let operation = self.operation == AclOperation::Any || self.operation == entry.operation;
        let permission = self.permission == PermissionType::Any || self.permission == entry.permission;
        let concerned = is(self.principal, &entry.principal) && is(self.host, &entry.host);
        resource && operation && permission && concerned && self.names(entry)
    }

    fn names(&self, entry: &AclEntry) -> bool {
        let same_kind = self.pattern_type == PatternType::Any || self.pattern_type == entry.pattern_type;
        let Some(name) = self.resource_name else {
            return same_kind || self.pattern_type == PatternType::Match;
        };
        if same_kind {
            return name == &*entry.resource_name;
        }
        if self.pattern_type != PatternType::Match {
            return false;
        }
        match entry.pattern_type {
            PatternType::Literal => name == &*entry.resource_name || &*entry.resource_name == "*",
            PatternType::Prefixed => name.starts_with(&*entry.resource_name),
            PatternType::Any | PatternType::Match | PatternType::Unknown(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pattern_type: PatternType, name: &str) -> AclEntry {
        AclEntry {
            resource_type: ResourceType::Topic,
            resource_name: name.into(),
            pattern_type,
            principal: "User:alice".into(),
            host: "*".into(),
            operation: AclOperation::Read,
            permission: PermissionType::Allow,
        }
    }

    const ANY: AclFilter<'static> = AclFilter {
        resource_type: ResourceType::Any,
        resource_name: None,
        pattern_type: PatternType::Any,
        principal: None,
        host: None,
        operation: AclOperation::Any,
        permission: PermissionType::Any,
    };

    #[test]
    fn match_finds_every_entry_that_applies_to_a_name() {
        let filter = AclFilter { resource_name: Some("orders"), pattern_type: PatternType::Match, ..ANY };
        assert!(filter.matches(&entry(PatternType::Literal, "orders")));
        assert!(filter.matches(&entry(PatternType::Literal, "*")));
        assert!(filter.matches(&entry(PatternType::Prefixed, "ord")));
        assert!(!filter.matches(&entry(PatternType::Prefixed, "orders-")));
        assert!(!filter.matches(&entry(PatternType::Literal, "order")));
    }

    #[test]
    fn every_part_of_a_filter_counts() {
        let literal = entry(PatternType::Literal, "orders");
        assert!(ANY.matches(&literal));
        assert!(!AclFilter { resource_type: ResourceType::Group, ..ANY }.matches(&literal));
        assert!(!AclFilter { pattern_type: PatternType::Prefixed, ..ANY }.matches(&literal));
        assert!(!AclFilter { principal: Some("User:bob"), ..ANY }.matches(&literal));
        assert!(!AclFilter { host: Some("10.0.0.1"), ..ANY }.matches(&literal));
        assert!(!AclFilter { operation: AclOperation::Write, ..ANY }.matches(&literal));
        assert!(!AclFilter { permission: PermissionType::Deny, ..ANY }.matches(&literal));
        let unknown = AclFilter { operation: AclOperation::Unknown(99), ..ANY };
        assert_eq!(unknown.unknown_part(), Some("Unknown entryFilter."));
    }
}
