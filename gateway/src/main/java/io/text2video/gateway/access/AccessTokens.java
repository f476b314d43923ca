package io.text2video.gateway.access;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.access.AccessRefusedException.Reason;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Tokens of an OpenID Connect provider, where there is one: Quarkus checks signature, issuer, audience and time. */
@Singleton
class AccessTokens {
    private final TenantIdentityProvider provider;
    private final boolean enabled;
    private final String tenantClaim;

    /** @param enabled of Quarkus' one tenant, as it calls a provider */
    AccessTokens(
            TenantIdentityProvider provider,
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled,
            AccessConfig config) {
        this.provider = provider;
        this.enabled = enabled;
        tenantClaim = config.oidcTenantClaim();
    }

    boolean areTaken() {
        return enabled;
    }

    /** Whose token it is; fails with {@link AccessRefusedException}. */
    Uni<Caller> caller(String token) {
        return provider.authenticate(new AccessTokenCredential(token))
                .onFailure(failure -> !(failure instanceof AuthenticationFailedException))
                .transform(failure -> new AccessRefusedException(
                        Reason.UNAVAILABLE, "the identity provider does not answer", failure))
                .onFailure(AuthenticationFailedException.class)
                .transform(failure -> new AccessRefusedException(
                        Reason.UNKNOWN, "the token is none of the identity provider's, or has expired"))
                .map(this::caller);
    }

    private Caller caller(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token) || token.getClaim(tenantClaim) == null) {
            throw new AccessRefusedException(
                    Reason.FORBIDDEN, "the token has no claim %s, which is to name the tenant".formatted(tenantClaim));
        }
        try {
            Tenant tenant = new Tenant(token.getClaim(tenantClaim).toString());
            return Caller.of(tenant, Instant.ofEpochSecond(token.getExpirationTime()));
        } catch (IllegalArgumentException e) {
            throw new AccessRefusedException(
                    Reason.FORBIDDEN,
                    "the token's claim %s names no tenant: it %s".formatted(tenantClaim, e.getMessage()));
        }
    }
}
