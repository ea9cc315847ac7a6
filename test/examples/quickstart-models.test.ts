import { describe, expect, it } from "vitest";
import { MODELS, trainClassifier } from "../../examples/quickstart/flowers/classifiers.ts";
import { readFlowers } from "../../examples/quickstart/flowers/iris.ts";
import { splitFlowers } from "../../examples/quickstart/flowers/split.ts";

const flowers = readFlowers();
const { training, heldOut } = splitFlowers(flowers);

describe.each(MODELS)("the %s model", (model) => {
  const classifier = trainClassifier(model, training);

  it("knows more than nine in ten of the flowers that it was not trained on", () => {
    const right = heldOut.filter((flower) => classifier.predict(flower.measurements) === flower.species);
    expect(right.length / heldOut.length).toBeGreaterThan(0.9);
  });

  it("comes out the same when it is trained again", () => {
    const again = trainClassifier(model, training);
    for (const { measurements } of flowers) {
      expect(again.predict(measurements)).toBe(classifier.predict(measurements));
    }
  });
});

describe("the two models", () => {
  it("differ: there are flowers that only one of them knows", () => {
    const [bayes, tree] = MODELS.map((model) => trainClassifier(model, training));
    const disputed = flowers.filter(
      ({ measurements }) => bayes?.predict(measurements) !== tree?.predict(measurements),
    );
    expect(disputed.length).toBeGreaterThan(0);
  });

  it("say so when they have no opinion", () => {
    expect(trainClassifier("naive-bayes", training).predict([5, 3, 1_000, 1_000])).toBeUndefined();
  });
});
