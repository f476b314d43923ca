/** Who may use the HTTP API: keys, and what is kept of them. */
package io.text2video.common.access;
