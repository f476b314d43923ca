/** Topics whose records are due at times of their own: each is handed over when it is, and none is written again to wait. */
package io.text2video.gateway.delayed;
