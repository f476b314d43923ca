package io.text2video.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jboss.logging.Logger;

/**
 * The classes that a process has loaded, kept for the next one's start (application class data sharing). The launcher says
 * where, by {@value #DIRECTORY}, and starts Java with {@code -XX:+RecordDynamicDumpInfo}. Java itself passes over an archive that
 * does not fit it or its class path.
 */
public final class ClassArchive {
    /** The system property with the directory; when it is not set, nothing is kept. */
    private static final String DIRECTORY = "text2video.class-archive";

    private static final Logger LOG = Logger.getLogger(ClassArchive.class);

    private ClassArchive() {}

    /** Whether this process is to keep its classes. */
    public static boolean isWanted() {
        return System.getProperty(DIRECTORY) != null;
    }

    /**
     * Writes {@code NAME.jsa}, whole or not at all. Takes seconds. Does nothing when it is not wanted; a failure costs nothing
     * but the next start's time, and is only logged.
     */
    public static void keep(String name) {
        if (!isWanted()) {
            return;
        }
        Path archive = Path.of(System.getProperty(DIRECTORY), name + ".jsa");
        Path part = archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid());
        PrintStream out = System.out;
        // Java tells about it there, where a result may have been printed for programs.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", part.toString()}},
                            new String[] {String[].class.getName()});
            if (!Files.exists(part)) {
                throw new IOException(String.valueOf(answer).strip());
            }
            Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | JMException e) {
            LOG.infof("classes not kept archive=%s cause=%s", archive, SingleLine.of(String.valueOf(e.getMessage())));
        } finally {
            System.setOut(out);
        }
    }
}
