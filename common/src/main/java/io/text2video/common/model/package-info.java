/** What a fleet's models are, what they can be asked for, and the rules that both ends check a request by. */
package io.text2video.common.model;
