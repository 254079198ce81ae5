/** Every TypeORM row of the application, for the data source. */
export const rows: (new () => object)[] = []
