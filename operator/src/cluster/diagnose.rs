//! What helps people to understand the nodes of a cluster, as text. Nothing is written.

use std::fmt::Write as _;

use klamm_admin_api::v1::GetDiagnosticsResponse;
use kube::Api;

use super::pass::{PassError, bare_spec, site};
use super::{Context, local};
use crate::objects::KafkaCluster;
use crate::observe::Children;

/// One part for each node that can be asked. `None` if there is no such cluster.
pub async fn diagnose(context: &Context, namespace: &str, name: &str) -> Result<Option<String>, PassError> {
    let api: Api<KafkaCluster> = Api::namespaced(context.client.clone(), namespace);
    let Some(cluster) = api.get_opt(name).await? else { return Ok(None) };
    let bare = match bare_spec(&cluster) {
        Ok(bare) => bare,
        Err(faults) => return Ok(Some(format!("the spec cannot be used: {}\n", faults.join("; ")))),
    };
    let site = site(context, &cluster, &bare, None);
    let children = Children::read(&context.client, &site).await?;
    let told = local::diagnostics(context, &site, &children).await?;
    if told.is_empty() {
        return Ok(Some("no node can be asked: none runs with its admin service\n".to_owned()));
    }
    let mut text = String::new();
    for (id, answer) in told {
        let answer = match answer {
            Ok(facts) => lines(&facts),
            Err(error) => vec![format!("its admin service does not answer: {error}")],
        };
        writeln!(text, "node {id}").expect("writing to a string does not fail");
        text.extend(answer.iter().map(|line| format!("  {line}\n")));
    }
    Ok(Some(text))
}

fn lines(facts: &GetDiagnosticsResponse) -> Vec<String> {
    let bytes =
        |bytes: Option<u64>| bytes.map_or("unknown".to_owned(), |bytes| format!("{} KiB", bytes / 1_024));
    let count = |count: Option<u64>| count.map_or("unknown".to_owned(), |count| count.to_string());
    let connections: Vec<String> = facts.connections.iter().map(ToString::to_string).collect();
    let mut threads: Vec<_> = facts.threads.iter().filter(|thread| thread.cpu_millis > 0).collect();
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.cpu_millis));
    let threads: Vec<String> =
        threads.into_iter().map(|thread| format!("{} {} ms", thread.name, thread.cpu_millis)).collect();
    vec![
        format!("runs for {} s", facts.uptime_seconds),
        format!("memory {}, at most {}", bytes(facts.resident_bytes), bytes(facts.peak_resident_bytes)),
        format!("descriptors {} of {}", count(facts.open_files), count(facts.most_open_files)),
        format!(
            "partitions led {}, followed {}, damaged {}",
            facts.partitions_led, facts.partitions_followed, facts.partitions_damaged
        ),
        format!("connections by shard {}", connections.join(", ")),
        format!("threads by their time {}", threads.join(", ")),
    ]
}
