//! One record's effect on an image: the only place that knows all record types.

use klamm_model::ProducerId;
use klamm_protocol::messages::{
    ClientQuotaRecord, ConfigRecord, FeatureLevelRecord, MetadataRecord, ProducerIdsRecord,
};

use super::{Changes, ReplayError, cluster, security, topics};
use crate::controller::is_supported;
use crate::image::{ConfigResource, ConfigResourceType, MetadataImage, QuotaEntity};
use crate::{Feature, MetadataVersion};

/// Applies one record to `image` and notes the keys it touches. Fails without a change.
pub(crate) fn replay(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &MetadataRecord,
) -> Result<(), ReplayError> {
    match record {
        MetadataRecord::RegisterBroker(record) => cluster::register_broker(image, changes, record),
        MetadataRecord::UnregisterBroker(record) => cluster::unregister_broker(image, changes, record),
        MetadataRecord::FenceBroker(record) => {
            cluster::set_fenced(image, changes, cluster::FencedBy::Fence, (record.id, record.epoch))
        }
        MetadataRecord::UnfenceBroker(record) => {
            cluster::set_fenced(image, changes, cluster::FencedBy::Unfence, (record.id, record.epoch))
        }
        MetadataRecord::BrokerRegistrationChange(record) => cluster::change_broker(image, changes, record),
        MetadataRecord::RegisterController(record) => cluster::register_controller(image, changes, record),
        MetadataRecord::UnregisterController(record) => {
            cluster::unregister_controller(image, changes, record)
        }
        MetadataRecord::Topic(record) => topics::create(image, changes, record),
        MetadataRecord::Partition(record) => topics::set_partition(image, changes, record),
        MetadataRecord::PartitionChange(record) => topics::change_partition(image, changes, record),
        MetadataRecord::RemoveTopic(record) => topics::remove(image, changes, record),
        MetadataRecord::ClearElr(record) => topics::clear_elr(image, changes, record),
        MetadataRecord::Config(record) => {
            set_config(image, changes, record);
            Ok(())
        }
        MetadataRecord::FeatureLevel(record) => set_feature(image, changes, record),
        MetadataRecord::ClientQuota(record) => {
            set_quota(image, changes, record);
            Ok(())
        }
        MetadataRecord::ProducerIds(record) => set_producer_ids(image, changes, record),
        MetadataRecord::AccessControlEntry(record) => {
            security::add_acl(image, changes, record);
            Ok(())
        }
        MetadataRecord::RemoveAccessControlEntry(record) => security::remove_acl(image, changes, record),
        MetadataRecord::UserScramCredential(record) => security::set_scram(image, changes, record),
        MetadataRecord::RemoveUserScramCredential(record) => security::remove_scram(image, changes, record),
        MetadataRecord::DelegationToken(record) => {
            security::set_token(image, changes, record);
            Ok(())
        }
        MetadataRecord::RemoveDelegationToken(record) => {
            security::remove_token(image, changes, record);
            Ok(())
        }
        MetadataRecord::NoOp(_)
        | MetadataRecord::ZkMigrationState(_)
        | MetadataRecord::BeginTransaction(_)
        | MetadataRecord::EndTransaction(_)
        | MetadataRecord::AbortTransaction(_) => Ok(()),
    }
}

fn set_config(image: &mut MetadataImage, changes: &mut Changes, record: &ConfigRecord) {
    let resource = ConfigResource {
        kind: ConfigResourceType::from_code(record.resource_type),
        name: record.resource_name.as_str().into(),
    };
    if !is_supported(resource.kind, &record.name) {
        return;
    }
    let value = record.value.as_ref().map(|value| value.as_str().into());
    image.configs.set(&resource, &record.name, value);
    changes.configs.insert(resource);
}

fn set_feature(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &FeatureLevelRecord,
) -> Result<(), ReplayError> {
    let (name, level) = (record.name.as_str(), record.feature_level);
    if name == MetadataVersion::FEATURE_NAME {
        let version = MetadataVersion::from_level(level);
        let version = version.ok_or(ReplayError::UnknownMetadataVersion(level))?;
        image.features.set_metadata_version(version);
    } else if name != Feature::KRaft.name() {
        image.features.set_level(name, level);
    }
    changes.features = true;
    Ok(())
}

fn set_quota(image: &mut MetadataImage, changes: &mut Changes, record: &ClientQuotaRecord) {
    let part = |name: &klamm_protocol::Str| name.as_str().into();
    let entity: QuotaEntity = record
        .entity
        .iter()
        .map(|entity| (part(&entity.entity_type), entity.entity_name.as_ref().map(part)))
        .collect();
    if record.remove {
        image.quotas.remove(&entity, &record.key);
    } else {
        image.quotas.set(&entity, &record.key, record.value);
    }
    changes.quotas.insert(entity);
}

fn set_producer_ids(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &ProducerIdsRecord,
) -> Result<(), ReplayError> {
    let next = ProducerId::new(record.next_producer_id);
    let invalid = || ReplayError::invalid("ProducerIdsRecord", "NextProducerId", record.next_producer_id);
    image.next_producer_id = Some(next.ok_or_else(invalid)?);
    changes.producer_ids = true;
    Ok(())
}
