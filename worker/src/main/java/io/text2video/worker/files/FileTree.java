package io.text2video.worker.files;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks through folders that other processes write meanwhile. {@link Files#walk} ends with a {@link NoSuchFileException}
 * when an entry goes between the moment it is listed and the moment it is looked at, which a temporary file does that is
 * renamed when it is whole. Here such an entry is left out. Safe across threads.
 */
public final class FileTree {
    private FileTree() {}

    /**
     * All that is below {@code root} and is no folder: files, links, dangling ones too. Each was there when it was looked at
     * and may be gone by now.
     *
     * @return in the order of their names
     * @throws NoSuchFileException when {@code root} itself is missing
     * @throws IOException when a folder cannot be read
     */
    public static List<Path> files(Path root) throws IOException {
        return files(root, Integer.MAX_VALUE, Set.of());
    }

    /**
     * As above, no deeper than {@code depth} folders and through links to folders. What is {@code depth} deep is listed whatever
     * it is.
     */
    public static List<Path> filesThroughLinks(Path root, int depth) throws IOException {
        return files(root, depth, EnumSet.of(FileVisitOption.FOLLOW_LINKS));
    }

    /**
     * Removes a folder and all in it, through no link. What somebody else removes meanwhile is as good as removed; where there
     * is nothing, nothing happens.
     *
     * @throws IOException when something is left, by a right that lacks or as somebody writes on
     */
    public static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new TolerantVisitor(root, true) {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                super.postVisitDirectory(directory, failure);
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<Path> files(Path root, int depth, Set<FileVisitOption> options) throws IOException {
        List<Path> files = new ArrayList<>();
        visit(root, depth, options, files::add);
        files.sort(null);
        return files;
    }

    /** @param each is called while the folder is read */
    static void visit(Path root, int depth, Set<FileVisitOption> options, Consumer<Path> each) throws IOException {
        Files.walkFileTree(root, options, depth, new TolerantVisitor(root, false) {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                each.accept(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Goes on where an entry has gone. */
    private abstract static class TolerantVisitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final boolean rootMayBeMissing;

        TolerantVisitor(Path root, boolean rootMayBeMissing) {
            this.root = root;
            this.rootMayBeMissing = rootMayBeMissing;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException && (rootMayBeMissing || !file.equals(root))) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
