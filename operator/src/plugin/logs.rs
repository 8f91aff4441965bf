//! `logs`: where to look. For each container of a node that is not well, what it said last and the command
//! that shows its log.

use k8s_openapi::api::core::v1::{ContainerState, ContainerStatus, Pod};
use kube::ResourceExt as _;

use super::{Asked, PluginError, node_of};

/// Hints for one node, or for all that are not well.
pub async fn logs(asked: &Asked, node: Option<i32>) -> Result<String, PluginError> {
    asked.cluster().await?;
    let pods = asked.pods().await?;
    let meant = |pod: &&Pod| node.is_none_or(|node| node_of(&pod.name_any()) == Some(node));
    let mut text = String::new();
    for pod in pods.iter().filter(meant) {
        text.push_str(&hints(&asked.namespace, pod, node.is_some()));
    }
    if text.is_empty() {
        return Ok(match node {
            Some(node) => format!("{} has no pod of a node {node}\n", asked.name),
            None if pods.is_empty() => format!("{} has no pods\n", asked.name),
            None => {
                "every node is ready and none has restarted; name one to see its log's command\n".to_owned()
            }
        });
    }
    Ok(text)
}

fn hints(namespace: &str, pod: &Pod, even_if_well: bool) -> String {
    let (name, status) = (pod.name_any(), pod.status.clone().unwrap_or_default());
    let mut lines = Vec::new();
    if pod.metadata.deletion_timestamp.is_some() {
        lines.push("it is stopping".to_owned());
    }
    let unschedulable =
        status.conditions.iter().flatten().find(|one| one.type_ == "PodScheduled" && one.status == "False");
    if let Some(condition) = unschedulable {
        lines.push(format!("it has no machine: {}", condition.message.clone().unwrap_or_default()));
    }
    let containers = status.init_container_statuses.into_iter().chain(status.container_statuses).flatten();
    for container in containers {
        lines.extend(container_hints((namespace, &name), &container));
    }
    if lines.is_empty() && even_if_well {
        lines.push(format!("kubectl logs -n {namespace} {name} -f"));
    }
    if lines.is_empty() {
        return String::new();
    }
    format!("{name}\n{}", lines.iter().map(|line| format!("  {line}\n")).collect::<String>())
}

fn container_hints((namespace, pod): (&str, &str), container: &ContainerStatus) -> Vec<String> {
    let mut lines = Vec::new();
    let name = &container.name;
    let command = |previous: bool| {
        let previous = if previous { " --previous" } else { "" };
        format!("kubectl logs -n {namespace} {pod} -c {name}{previous}")
    };
    let waiting = container.state.as_ref().and_then(|state| state.waiting.as_ref());
    if let Some(waiting) = waiting {
        let reason = waiting.reason.clone().unwrap_or_default();
        let message = waiting.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
        lines.push(format!("{name} waits: {reason}{message}"));
    }
    let failed = [container.state.as_ref(), container.last_state.as_ref()];
    if let Some(ended) = failed.into_iter().flatten().find_map(failure) {
        lines.push(format!("{name} {ended}"));
        lines.push(command(container.state.as_ref().is_none_or(|state| state.terminated.is_none())));
    } else if container.restart_count > 0 {
        lines.push(format!("{name} has restarted {} times", container.restart_count));
        lines.push(command(true));
    } else if waiting.is_none() && !container.ready && container.state.as_ref().is_some_and(runs) {
        lines.push(format!("{name} runs and is not ready"));
        lines.push(command(false));
    }
    lines
}

fn runs(state: &ContainerState) -> bool {
    state.running.is_some()
}

/// How a container ended, if not well.
fn failure(state: &ContainerState) -> Option<String> {
    let ended = state.terminated.as_ref().filter(|ended| ended.exit_code != 0)?;
    let reason = ended.reason.clone().unwrap_or_default();
    let message = ended.message.as_deref().unwrap_or_default().trim();
    let message = message.lines().last().map(|last| format!(": {last}")).unwrap_or_default();
    Some(format!("ended with exit code {} {reason}{message}", ended.exit_code))
}
