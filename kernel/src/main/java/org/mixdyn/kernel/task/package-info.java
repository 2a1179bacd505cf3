/** What a network is asked to learn: a low-rank target seen through noise. */
package org.mixdyn.kernel.task;
