/** How creations find what an interrupted one has left behind. */
export interface StorageSettings {
  /** How old an object may be that an interrupted creation is taken to have made, in minutes. 0 takes nothing over. */
  adoptWithinMinutes: number;
}
