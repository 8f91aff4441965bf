//! Our schema notation (`crates/protocol/schemas/README.md`): writing and reading it.

mod parse;
mod write;

pub use parse::parse;
pub use write::write;

/// Words that say what a value names.
const ENTITIES: [&str; 5] = ["topicName", "brokerId", "groupId", "producerId", "transactionalId"];

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "\
request   ExampleRequest
key       7
listeners broker controller
versions  1-4 unstable
flexible  3+

Name    string?    1+   null 2+  = null  ignorable
Topics  []Topic    0+  {
  Name  string     0+  key  topicName
  Part  []Part     0+
}
Epoch   int32      3+  tag 0  = -1

struct Part 0+ {
  Index  int32  0+
}
";

    #[test]
    fn what_is_written_reads_back_the_same() {
        let first = parse(EXAMPLE).expect("the example is valid");
        let text = write(&first);
        assert_eq!(parse(&text).expect("what we write is valid"), first);
        assert_eq!(write(&parse(&text).expect("valid")), text);
    }

    #[test]
    fn errors_name_the_line() {
        let broken = EXAMPLE.replace("int32      3+", "int33      3+");
        let error = format!("{:#}", parse(&broken).expect_err("int33 is no type"));
        assert!(error.starts_with("line 12"), "{error}");
    }
}
