// The laws again, over the number of random policies that the project `properties` of jest.config.js sets.
import '../lifecycle/forecast-laws.test';
