// Runs Kafka's own tools, many in one JVM: reads lines of tab-separated words from standard input, the first of
// which is a class with a main method, or a verb of Scenery after a plus sign. Answers each with one
// line: the exit code, standard output and standard error, both in Base64.
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

public final class ToolRunner {
    /** Ends a tool instead of the JVM. */
    private static final class Exit extends SecurityException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Guard extends SecurityManager {
        @Override
        public void checkExit(int status) {
            leave(status);
        }

        @Override
        public void checkPermission(java.security.Permission permission) {
        }

        @Override
        public void checkPermission(java.security.Permission permission, Object context) {
        }
    }

    private static Integer code;
    private static boolean running;

    /** The first exit counts: what a tool says while the exception of that exit passes through it, it would not say. */
    private static void leave(int status) {
        if (!running) {
            return;
        }
        if (code == null) {
            code = status;
            System.out.flush();
            System.err.flush();
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
            System.setOut(nowhere);
            System.setErr(nowhere);
        }
        throw new Exit();
    }

    @SuppressWarnings("removal")
    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        org.apache.kafka.common.utils.Exit.setExitProcedure((status, message) -> leave(status));
        System.setSecurityManager(new Guard());
        PrintStream answers = System.out;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Scenery scenery = new Scenery(arguments[0])) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split("\t", -1);
                String[] rest = Arrays.copyOfRange(words, 1, words.length);
                answers.println(words[0].startsWith("+") ? act(scenery, words[0], rest) : run(words[0], rest));
                answers.flush();
            }
        }
    }

    private static String act(Scenery scenery, String verb, String[] arguments) {
        try {
            scenery.act(verb, arguments);
            return answer(0, "", "");
        } catch (Exception failure) {
            return answer(1, "", failure.toString());
        }
    }

    private static String run(String name, String[] arguments) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        code = null;
        running = true;
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            if (code == null) {
                // As a JVM ends whose main method throws.
                System.err.println("Exception in thread \"main\" " + thrown.getCause());
                code = 1;
            }
        } finally {
            running = false;
            System.out.flush();
            System.err.flush();
            System.setOut(out);
            System.setErr(err);
        }
        return answer(code == null ? 0 : code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
    }

    private static String answer(int code, String out, String err) {
        Base64.Encoder encoder = Base64.getEncoder();
        return code + "\t" + encoder.encodeToString(out.getBytes(StandardCharsets.UTF_8))
            + "\t" + encoder.encodeToString(err.getBytes(StandardCharsets.UTF_8));
    }
}
