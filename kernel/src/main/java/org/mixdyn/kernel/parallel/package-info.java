/** Threads: a team that splits one piece of work at a time. */
package org.mixdyn.kernel.parallel;
