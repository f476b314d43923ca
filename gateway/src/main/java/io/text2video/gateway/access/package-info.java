/** Who may use the API, and as whom: keys that are read from Kafka, and tokens of an OpenID Connect provider. */
package io.text2video.gateway.access;
