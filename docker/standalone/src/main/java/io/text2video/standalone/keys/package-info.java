/** The keys to the HTTP API, made and revoked by an operator. */
package io.text2video.standalone.keys;
