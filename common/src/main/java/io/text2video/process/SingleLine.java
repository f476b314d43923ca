package io.text2video.process;

/** Texts from elsewhere, for logs and terminals: in one line, and without anything that moves a cursor. */
public final class SingleLine {
    private SingleLine() {}

    /**
     * The text with control, format and line-separating characters as Java's escapes, such as {@code \n} or {@code \u001b}.
     * What is escaped stays as it is when it is escaped again.
     *
     * @param text null for none
     */
    public static String of(String text) {
        if (text == null || text.codePoints().noneMatch(SingleLine::isUnsafe)) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> append(escaped, point);
            }
        });
        return escaped.toString();
    }

    private static void append(StringBuilder escaped, int point) {
        if (isUnsafe(point)) {
            for (char unit : Character.toChars(point)) {
                escaped.append("\\u%04x".formatted((int) unit));
            }
        } else {
            escaped.appendCodePoint(point);
        }
    }

    private static boolean isUnsafe(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
