package io.text2video.standalone;

import java.util.List;
import java.util.regex.Pattern;

/** Secrets that nothing else in a log looks like. */
final class Canaries {
    static final String GATEWAY_SECRET = "whsec_Z2F0ZXdheS1jYW5hcnktZ2F0ZXdheS1jYW5hcnk=";
    static final String PREVIOUS_SECRET = "whsec_cHJldmlvdXMtY2FuYXJ5LXByZXZpb3VzLWNhbmFyeQ==";
    static final String JOB_SECRET = "whsec_am9iLWNhbmFyeS1qb2ItY2FuYXJ5LWpvYi1jYW5hcnk=";
    static final String SHORT_SECRET = "whsec_c2hvcnQtY2FuYXJ5";
    static final String URL_TOKEN = "token-canary-4711";
    static final String URL_PASSWORD = "password-canary-4711";
    static final String UNKNOWN_KEY = "t2v_canary-4711";
    static final String ENHANCER_KEY = "enhancer-canary-4711";
    /** Of the form of a provider's token. */
    static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnktNDcxMSJ9.Y2FuYXJ5LTQ3MTE";

    /** Of the fleet with {@link SecureServices} and of its clients; of webhooks' the part after the prefix. */
    private static final List<String> ALL = List.of(
            SecureServices.KAFKA_PASSWORD,
            SecureServices.S3_SECRET_KEY,
            PrivateCa.PASSWORD,
            bare(GATEWAY_SECRET),
            bare(PREVIOUS_SECRET),
            bare(JOB_SECRET),
            bare(SHORT_SECRET),
            URL_TOKEN,
            URL_PASSWORD,
            UNKNOWN_KEY,
            ENHANCER_KEY,
            TOKEN);

    /** Signatures of requests to the store, URLs that are signed, and signatures of webhooks. */
    private static final Pattern SIGNATURE =
            Pattern.compile("Signature=\\w|X-Amz-Signature|v1,[\\w+/]{43}=|(?i)authorization: ?\\S|Bearer \\S");

    private Canaries() {}

    /** Whether a line of a log has one of them, or what others could use in the place of one. */
    static boolean isIn(String line) {
        return ALL.stream().anyMatch(line::contains) || SIGNATURE.matcher(line).find();
    }

    private static String bare(String secret) {
        return secret.substring("whsec_".length());
    }
}
