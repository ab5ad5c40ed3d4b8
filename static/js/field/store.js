"use strict";
// The phone's own store: what was written waits here until it has arrived, also when the page or the phone is closed.

class EntryStore {
  constructor() {
    this.database = null;
  }

  put(entry) {
    return this.within("readwrite", (entries) => entries.put(entry));
  }

  drop(uid) {
    return this.within("readwrite", (entries) => entries.delete(uid));
  }

  // everybody's, oldest first
  async all() {
    const entries = await this.within("readonly", (store) => store.getAll());
    return entries.sort((one, other) => one.at - other.at);
  }

  async within(mode, work) {
    const database = await this.open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("entries", mode);
      const ask = work(transaction.objectStore("entries"));
      transaction.oncomplete = () => resolve(ask.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  open() {
    if (this.database) return this.database;
    this.database = new Promise((resolve, reject) => {
      const ask = indexedDB.open("zhongzhi-field", 1);
      ask.onupgradeneeded = () => ask.result.createObjectStore("entries", { keyPath: "uid" });
      ask.onsuccess = () => resolve(ask.result);
      ask.onerror = () => reject(ask.error);
    });
    return this.database;
  }
}

globalThis.EntryStore = EntryStore;
