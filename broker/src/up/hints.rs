//! What `klamm up` prints once a cluster is ready: where it listens, and commands to produce and consume that work as they
//! stand, in any folder and whether or not `klamm` is on the PATH.

use klamm_manifest::ListenerStatus;

/// The topic in the commands where the manifest has none for them.
const ANY_TOPIC: &str = "my-topic";

/// How a shell calls this program. Asked for at the start: once the file is replaced, the system names another one.
pub(super) fn this_program() -> String {
    std::env::current_exe().map_or_else(|_| "klamm".to_owned(), |path| quoted(&path.to_string_lossy()))
}

/// The text for `cluster`, whose manifest has `topic`, which takes records without keys.
pub(super) fn ready(
    program: &str,
    cluster: &str,
    topic: Option<&str>,
    listeners: &[ListenerStatus],
) -> String {
    let mut lines = vec![String::new(), format!("cluster {cluster} is ready")];
    lines.extend(listeners.iter().map(|listener| format!("  {:<12} {}", listener.name, listener.bootstrap)));
    if let Some(first) = listeners.first() {
        let reached =
            format!("--bootstrap-server {} --topic {}", first.bootstrap, topic.unwrap_or(ANY_TOPIC));
        lines.push(String::new());
        lines.push(format!("produce:  {program} console-producer {reached}"));
        lines.push(format!("consume:  {program} console-consumer {reached} --from-beginning"));
        lines.push("scale:    edit brokers.replicas in the manifest and save it".to_owned());
        lines.push("stop:     Ctrl-C".to_owned());
        lines.push(String::new());
    }
    lines.join("\n")
}

/// `word` as one word of a shell, in quotes only where it needs them.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:=@%,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_only_where_a_shell_would_take_it_apart() {
        assert_eq!(quoted("/opt/klamm-1.0/bin/klamm"), "/opt/klamm-1.0/bin/klamm");
        assert_eq!(quoted("/my programs/klamm"), "'/my programs/klamm'");
        assert_eq!(quoted("/it's/$HOME"), r"'/it'\''s/$HOME'");
    }

    #[test]
    fn the_commands_name_the_program_the_first_listener_and_the_topic() {
        let listener = |name: &str, bootstrap: &str| ListenerStatus {
            name: name.to_owned(),
            bootstrap: bootstrap.to_owned(),
        };
        let listeners = [listener("plain", "127.0.0.1:9092"), listener("other", "127.0.0.1:9192")];
        assert_eq!(
            ready("/bin/klamm", "demo", Some("orders"), &listeners),
            "\ncluster demo is ready\n  plain        127.0.0.1:9092\n  other        127.0.0.1:9192\n\nproduce:  \
             /bin/klamm console-producer --bootstrap-server 127.0.0.1:9092 --topic orders\nconsume:  /bin/klamm \
             console-consumer --bootstrap-server 127.0.0.1:9092 --topic orders --from-beginning\nscale:    edit \
             brokers.replicas in the manifest and save it\nstop:     Ctrl-C\n"
        );
    }
}
