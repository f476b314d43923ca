/** What browsers may: hosts and origins that are answered. The headers that tell them more are configuration. */
package io.text2video.gateway.api.security;
