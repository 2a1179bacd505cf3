/** What a network is to learn: a low-rank product seen through noise. */
package org.mixdyn.kernel.task;
