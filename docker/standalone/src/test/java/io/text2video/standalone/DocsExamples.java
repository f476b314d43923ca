package io.text2video.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the docs show, for tests to run. */
final class DocsExamples {
    private static final Path HOME = Path.of("../..");
    private static final Pattern JSON_BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CURL_BODY = Pattern.compile("-d '(\\{.*?})'", Pattern.DOTALL);

    private static final Pattern SETTINGS = Pattern.compile("```properties\\n(.*?)\\n```", Pattern.DOTALL);

    private DocsExamples() {}

    /** The JSON blocks of a page of {@code docs}. */
    static List<String> json(String page) throws IOException {
        return all(JSON_BLOCK, Path.of("docs", page));
    }

    /** The bodies that curl posts in a file of the project. */
    static List<String> posted(String file) throws IOException {
        return all(CURL_BODY, Path.of(file));
    }

    /** The settings, {@code name=value}, that a section of a page of {@code docs} shows in its blocks, one a line. */
    static String settings(String page, String heading) throws IOException {
        String text = Files.readString(HOME.resolve("docs").resolve(page));
        String rest = text.substring(text.indexOf("\n" + heading + "\n") + heading.length() + 2);
        return SETTINGS.matcher(rest.split("\n#+ ", 2)[0])
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> all(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(HOME.resolve(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
