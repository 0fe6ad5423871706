/** What a score file says: moments per label, AUROC with its interval, and a verdict in words. */
package dev.hbar.study.evidence;
