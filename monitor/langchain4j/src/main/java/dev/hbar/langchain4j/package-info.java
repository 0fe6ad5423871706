/** hbar behind the interfaces of LangChain4j; what it knows of its tokens is in the metadata. */
package dev.hbar.langchain4j;
