// Prints the whole tree of a metadata snapshot, or of a segment of the metadata log, with the node classes that
// Kafka's own metadata shell shows. Arguments: files; each tree ends with a line of three dashes.

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.metadata.AbortTransactionRecord;
import org.apache.kafka.common.metadata.BeginTransactionRecord;
import org.apache.kafka.common.metadata.EndTransactionRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.node.MetadataImageNode;
import org.apache.kafka.image.node.printer.MetadataNodePrinter;
import org.apache.kafka.image.node.printer.MetadataNodeRedactionCriteria;
import org.apache.kafka.metadata.MetadataRecordSerde;

public final class MetadataTree {
    private static final class Printer implements MetadataNodePrinter {
        private final PrintStream out;
        private int depth = 0;

        Printer(PrintStream out) {
            this.out = out;
        }

        @Override
        public MetadataNodeRedactionCriteria redactionCriteria() {
            return MetadataNodeRedactionCriteria.Disabled.INSTANCE;
        }

        @Override
        public void enterNode(String name) {
            out.println("  ".repeat(depth++) + name + ":");
        }

        @Override
        public void leaveNode() {
            depth--;
        }

        @Override
        public void output(String text) {
            out.println("  ".repeat(depth) + text);
        }
    }

    private static MetadataImage load(File file) throws Exception {
        MetadataRecordSerde serde = new MetadataRecordSerde();
        MetadataDelta delta = new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
        MetadataProvenance provenance = MetadataProvenance.EMPTY;
        try (FileRecords records = FileRecords.open(file, false)) {
            for (RecordBatch batch : records.batches()) {
                if (batch.isControlBatch()) {
                    continue;
                }
                for (Record record : batch) {
                    ApiMessage message =
                        serde.read(new ByteBufferAccessor(record.value()), record.valueSize()).message();
                    // What Kafka's loader takes for itself: the bounds of transactions.
                    boolean isBound = message instanceof BeginTransactionRecord
                        || message instanceof EndTransactionRecord
                        || message instanceof AbortTransactionRecord;
                    if (!isBound) {
                        delta.replay(message);
                    }
                }
                provenance = new MetadataProvenance(
                    batch.lastOffset(), batch.partitionLeaderEpoch(), batch.maxTimestamp(), true);
            }
        }
        return delta.apply(provenance);
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String file : args) {
            new MetadataImageNode(load(new File(file))).print(new Printer(out));
            out.println("---");
        }
        out.flush();
    }
}
