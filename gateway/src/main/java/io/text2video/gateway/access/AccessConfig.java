package io.text2video.gateway.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may use the API. */
@ConfigMapping(prefix = "gateway")
interface AccessConfig {
    /** Whether requests below {@code /v1} need a key, or a token of the OpenID Connect provider. */
    enum Access {
        ON,
        /** Whoever can reach the gateway may do everything, to the jobs of all tenants. */
        OFF
    }

    @WithDefault("on")
    Access access();

    /** The claim of a provider's token that names the tenant. */
    @WithDefault("tenant")
    String oidcTenantClaim();
}
