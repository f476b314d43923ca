/** What gateways and workers do as processes. */
package io.text2video.common.process;
