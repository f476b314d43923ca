package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a user names a model by: a directory, or a repository of the hub. */
public sealed interface ModelReference {
    /** What requests name the model by. */
    String id();

    /** A checkpoint's directory, which exists. */
    record Directory(Path path) implements ModelReference {
        @Override
        public String id() {
            Path name = path.toAbsolutePath().normalize().getFileName();
            return name == null ? path.toString() : name.toString();
        }
    }

    /**
     * A repository of the hub.
     *
     * @param id {@code org/name}
     * @param revision a branch, a tag or a commit
     */
    record Repository(String id, String revision) implements ModelReference {
        /** The branch that a repository without a revision stands for. */
        public static final String MAIN = "main";

        private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?";
        private static final Pattern ID = Pattern.compile(WORD + "/" + WORD);
        private static final Pattern REVISION =
                Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][\\w.+-]*)*");
        private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
        private static final int LONGEST_NAME = 96;
        private static final int LONGEST_REVISION = 200;

        /** @throws IllegalArgumentException when the hub would allow no such name */
        public Repository {
            if (!ID.matcher(id).matches()
                    || id.contains("--")
                    || id.contains("..")
                    || id.endsWith(".git")
                    || id.length() - id.indexOf('/') - 1 > LONGEST_NAME
                    || id.indexOf('/') > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "a model of the hub is org/name: letters, digits, '-', '_' and '.', at most %d each, without \"--\", \"..\" and a closing \".git\""
                                .formatted(LONGEST_NAME));
            }
            if (!REVISION.matcher(revision).matches()
                    || revision.contains("..")
                    || revision.endsWith(".lock")
                    || revision.length() > LONGEST_REVISION) {
                throw new IllegalArgumentException(
                        "a revision is a branch, a tag or a commit, and \"%s\" is none".formatted(revision));
            }
        }

        public Repository(String id) {
            this(id, MAIN);
        }

        /**
         * Reads {@code org/name[@revision]}, whatever directories there are.
         *
         * @throws IllegalArgumentException when the hub would allow no such name
         */
        public static Repository of(String text) {
            int at = text.indexOf('@');
            return at < 0 ? new Repository(text) : new Repository(text.substring(0, at), text.substring(at + 1));
        }

        /** Whether the revision is a full commit, which never changes. */
        public boolean pinned() {
            return isCommit(revision);
        }

        static boolean isCommit(String text) {
            return COMMIT.matcher(text).matches();
        }

        /** The command that fetches it. */
        public String downloadCommand() {
            return "text2video download " + this;
        }

        @Override
        public String toString() {
            return revision.equals(MAIN) ? id : id + "@" + revision;
        }
    }

    /**
     * Reads what a user wrote. An existing directory comes before a repository of the same name.
     *
     * @param text a directory, or {@code org/name[@revision]}
     * @throws HubException when it is neither
     */
    static ModelReference parse(String text) throws HubException {
        Path directory = null;
        try {
            directory = Path.of(text);
        } catch (InvalidPathException e) {
            // Then it is no directory; what it is instead is told below.
        }
        if (directory != null && !text.isBlank() && Files.isDirectory(directory)) {
            return new Directory(directory.toAbsolutePath().normalize());
        }
        try {
            return Repository.of(text);
        } catch (IllegalArgumentException e) {
            throw new HubException(
                    Reason.INVALID_REFERENCE,
                    "\"%s\" is no model: there is no such directory%s, and %s"
                            .formatted(
                                    Printable.of(text),
                                    directory == null ? "" : " (" + Printable.of(directory.toAbsolutePath()) + ")",
                                    Printable.of(e.getMessage())),
                    e);
        }
    }
}
