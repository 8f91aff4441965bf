//! DescribeAcls: the entries a filter means, by resource.

use std::collections::BTreeMap;

use klamm_protocol::messages::describe_acls_response::{AclDescription, DescribeAclsResource};

use crate::AclFilter;
use crate::image::AclsImage;

/// The entries that `filter` means, grouped by resource pattern.
pub fn describe_acls(acls: &AclsImage, filter: AclFilter<'_>) -> Vec<DescribeAclsResource> {
    let mut resources: BTreeMap<(i8, &str, i8), Vec<AclDescription>> = BTreeMap::new();
    for (_, entry) in acls.iter().filter(|(_, entry)| filter.matches(entry)) {
        let resource = (entry.resource_type.code(), &*entry.resource_name, entry.pattern_type.code());
        resources.entry(resource).or_default().push(AclDescription {
            principal: (&*entry.principal).into(),
            host: (&*entry.host).into(),
            operation: entry.operation.code(),
            permission_type: entry.permission.code(),
            ..AclDescription::default()
        });
    }
    let resource = |((resource_type, name, pattern_type), acls): ((i8, &str, i8), Vec<AclDescription>)| {
        DescribeAclsResource {
            resource_type,
            resource_name: name.into(),
            pattern_type,
            acls,
            ..DescribeAclsResource::default()
        }
    };
    resources.into_iter().map(resource).collect()
}
