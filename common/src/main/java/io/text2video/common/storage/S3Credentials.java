package io.text2video.common.storage;

import io.minio.credentials.AwsConfigProvider;
import io.minio.credentials.AwsEnvironmentProvider;
import io.minio.credentials.ChainedProvider;
import io.minio.credentials.IamAwsProvider;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import io.smallrye.config.Secret;
import java.security.ProviderException;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** Who the fleet is to the object store. */
final class S3Credentials {
    /** An instance's metadata are next door, or nowhere. */
    private static final Duration CONNECT = Duration.ofMillis(400);

    private S3Credentials() {}

    /**
     * The configured keys, or else what AWS's own programs would take; temporary ones are renewed.
     *
     * @throws MissingCredentialsException when there are none
     */
    static Provider of(S3Config config) {
        String accessKey = config.accessKey().orElse(null);
        String secretKey = config.secretKey().map(Secret::get).orElse(null);
        if (accessKey != null && secretKey != null) {
            return new StaticProvider(accessKey, secretKey, null);
        }
        if (accessKey != null || secretKey != null) {
            throw new MissingCredentialsException(
                    accessKey == null
                            ? "S3_SECRET_KEY is set without S3_ACCESS_KEY"
                            : "S3_ACCESS_KEY is set without S3_SECRET_KEY",
                    null);
        }
        OkHttpClient metadata =
                new OkHttpClient.Builder().connectTimeout(CONNECT).build();
        var chain = new ChainedProvider(
                new AwsEnvironmentProvider(), new AwsConfigProvider(null, null), new IamAwsProvider(null, metadata));
        try {
            chain.fetch();
        } catch (ProviderException e) {
            throw new MissingCredentialsException(
                    "no credentials for the object store: set S3_ACCESS_KEY and S3_SECRET_KEY, or what AWS's own programs"
                            + " read: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile in ~/.aws/credentials,"
                            + " AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_FULL_URI or an instance's role",
                    e);
        }
        return chain;
    }
}
