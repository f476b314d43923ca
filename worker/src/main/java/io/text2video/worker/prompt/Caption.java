package io.text2video.worker.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a language model's answer is drawn. */
final class Caption {
    /** About what the text encoder's 226 tokens hold. */
    static final int MOST = 1_200;

    private static final Pattern THOUGHTS = Pattern.compile("(?s)<think>.*?(</think>|$)");
    private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*+```\\w*[ \\t]*+$");
    private static final Pattern HEADING =
            Pattern.compile("(?m)^[ \\t]*+(#{1,6}[ \\t].*|\\*\\*[^*.\\n]{1,60}\\*\\*:?[ \\t]*+)$");
    private static final Pattern LABEL =
            Pattern.compile("(?i)^(enhanced |improved |rewritten |video )?(prompt|caption|description):\\s+");
    private static final Pattern EMPHASIS = Pattern.compile("\\*\\*|__|`|(?<!\\w)\\*(?=\\w)|(?<=\\w)\\*(?!\\w)");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}\\s]+");
    private static final Pattern QUOTED = Pattern.compile("(?s)\"(.*)\"|'(.*)'|\\u201c(.*)\\u201d|\\u00ab(.*)\\u00bb");

    private Caption() {}

    /** One line of plain text without markdown and quotation marks around it; at most {@value #MOST} characters, whole sentences. */
    static String of(String answer) {
        String text = THOUGHTS.matcher(answer).replaceAll("");
        text = FENCE.matcher(text).replaceAll("");
        text = HEADING.matcher(text).replaceAll("");
        text = EMPHASIS.matcher(text).replaceAll("");
        text = UNSEEN.matcher(text).replaceAll(" ").strip();
        text = LABEL.matcher(text).replaceFirst("");
        return cut(unquoted(text));
    }

    private static String unquoted(String text) {
        Matcher quoted = QUOTED.matcher(text);
        if (!quoted.matches()) {
            return text;
        }
        String inner = text.substring(1, text.length() - 1);
        // Two quotations with words between them are no quotation.
        return inner.indexOf(text.charAt(0)) >= 0 || inner.indexOf(text.charAt(text.length() - 1)) >= 0
                ? text
                : inner.strip();
    }

    private static String cut(String text) {
        if (text.length() <= MOST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
        String start = text.substring(0, end);
        int sentence = Math.max(start.lastIndexOf(". "), Math.max(start.lastIndexOf("! "), start.lastIndexOf("? ")));
        int word = start.lastIndexOf(' ');
        return sentence > 0 ? start.substring(0, sentence + 1) : word > 0 ? start.substring(0, word) : start;
    }
}
