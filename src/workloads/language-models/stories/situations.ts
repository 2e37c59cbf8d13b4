/**
 * What happens in stories: a situation that leaves open how it ends, and events that end it well, badly or not at all. The same words stand on
 * both sides ("it was gone" of rain, of a toy), so that no single word tells the mood.
 * Places: N hero, M friend; He, he, his, him of the hero; A animal, C colour, D grown-up, P place, T toy. [a|b]: either.
 */

export interface Situation {
  readonly id: string;
  readonly setup: readonly string[];
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly plain: readonly string[];
}

export const SITUATIONS: readonly Situation[] = [
  {
    id: 'lost toy',
    setup: [
      'N looked for his C T at the P .',
      'N did not know where his C T was and looked [in the house|by the tree] .',
    ],
    good: ['It was [under the bed|by the tree] .', 'M came with the T and it was not broken .'],
    bad: ['It was not [under the bed|by the tree] .', 'He looked and looked but the T was gone .'],
    plain: ['D looked , too .'],
  },
  {
    id: 'race',
    setup: ['N and M ran a race [to the tree|at the P] .', 'There was a big race and N ran with M .'],
    good: ['N was fast and came first .', 'N ran so well that M was not first .'],
    bad: ['N was slow and came last .', 'N fell and M came first .'],
    plain: ['They ran to the tree and back .'],
  },
  {
    id: 'cake',
    setup: ['N made a [big|sweet] cake for D .', 'N wanted to make a cake with D .'],
    good: ['D ate it all and wanted more .', 'It was sweet and not too hot .'],
    bad: ['It was burnt and D did not eat it .', 'The A ate it all .'],
    plain: ['It was a cake with milk .'],
  },
  {
    id: 'weather',
    setup: ['N wanted to play at the P with M .', 'N looked at the sky and waited to play .'],
    good: ['The rain stopped and the sun came out .', 'The clouds went away and the rain was gone .'],
    bad: ['The rain came and did not stop .', 'The clouds came and the sun was gone .'],
    plain: ['There were clouds in the sky .'],
  },
  {
    id: 'sick animal',
    setup: ['N went to see the A , who was sick .', 'The A of N was sick and a doctor came .'],
    good: ['Now the A ate and ran again .', 'The doctor could help and the A got up .'],
    bad: ['Now the A did not eat and did not get up .', 'The doctor could not help the A .'],
    plain: ['The doctor looked at the A .'],
  },
  {
    id: 'ask a friend',
    setup: ['N asked M to play with the C T .', 'N saw M at the P and wanted to play .'],
    good: ['M said yes and came to N .', 'M ran to N and gave him the T .'],
    bad: ['M said no and went away .', 'M ran away and took the T .'],
    plain: ['M had a T , too .'],
  },
  {
    id: 'wind',
    setup: ['N had a C kite and ran with it .', 'N took his kite to the P .'],
    good: ['The wind was strong and the kite went up high .', 'It went up and up and came back to him .'],
    bad: ['The wind was strong and the kite broke .', 'It went up and up and did not come back .'],
    plain: ['There was some wind .'],
  },
  {
    id: 'box',
    setup: ['D gave N a [big|small] box .', 'There was a C box for N in the house .'],
    good: ['There was a new T in it .', 'In the box was a small A , and it was for N .'],
    bad: ['There was no T in it .', 'In the box was his T , and it was broken .'],
    plain: ['The box was not open .'],
  },
  {
    id: 'seed',
    setup: ['N put a seed in the garden .', 'N had a small seed and gave it water .'],
    good: ['It got big and a C flower came out .', 'Soon there was a flower , and it did not fall .'],
    bad: ['It did not get big and no flower came out .', 'Soon there was a flower , but the A ate it .'],
    plain: ['The seed was small .'],
  },
  {
    id: 'milk',
    setup: ['N took the milk to D .', 'N had a cup of milk and went to the house .'],
    good: ['He was slow , and the cup did not fall .', 'D drank it all and gave him more .'],
    bad: ['He was fast , and the cup fell and broke .', 'The A drank it all and there was no more .'],
    plain: ['The milk was hot .'],
  },
  {
    id: 'bird',
    setup: ['N saw a C bird in the tree .', 'A small bird came to the house of N .'],
    good: ['The bird sang for N and did not fly away .', 'It came to his hand and ate .'],
    bad: ['The bird fell and could not fly .', 'It took the food of N and did not sing .'],
    plain: ['The bird looked at N .'],
  },
  {
    id: 'night',
    setup: ['N was in bed and it was night .', 'At night N wanted to sleep in his bed .'],
    good: ['D came and read him a book .', 'The noise was gone and D sang for him .'],
    bad: ['D did not come and there was a loud noise .', 'The light was gone and no one sang for him .'],
    plain: ['D was in the house .'],
  },
  {
    id: 'boat',
    setup: ['N put his boat on the water .', 'N and M made a [C|small] boat .'],
    good: ['It did not go down , and it came back to N .', 'The boat was fast and went far with M .'],
    bad: ['It went down , and it did not come back .', 'The boat was slow and water came in .'],
    plain: ['The water was C .'],
  },
  {
    id: 'picture',
    setup: ['N made a picture of the A for D .', 'N wanted to give D a picture .'],
    good: ['D said that it was nice and put it up high .', 'D looked at it and did not stop .'],
    bad: ['D said that it was not nice and put it away .', 'D did not look at it and went away .'],
    plain: ['The picture was big and C .'],
  },
  {
    id: 'test',
    setup: ['N had to read a book at school .', 'At school N was asked for a word .'],
    good: ['He knew every word in it .', 'N said it well and no one was as fast .'],
    bad: ['He knew no word in it .', 'N did not know it , and every one looked at him .'],
    plain: ['There were many words in the book .'],
  },
  {
    id: 'visit',
    setup: ['N waited for D to come to the house .', 'D wanted to come and see N .'],
    good: ['Soon D was there with a cake .', 'D came fast and could stay with N .'],
    bad: ['It was night , and D was not there .', 'D came but could not stay with N .'],
    plain: ['N looked at the door .'],
  },
  {
    id: 'throw',
    setup: ['N threw his ball to M .', 'N and M had a new ball .'],
    good: ['M got it and threw it back .', 'It went high , and N got it every time .'],
    bad: ['It went to the door , and the door broke .', 'It fell in the water , and no one got it .'],
    plain: ['The ball was C .'],
  },
  {
    id: 'sand',
    setup: ['N made a house of sand by the water .', 'N and M put sand on sand and made it high .'],
    good: ['The water came , but the house did not fall .', 'It was so big that every one came to see it .'],
    bad: ['The water came , and the house was gone .', 'A A ran in and it fell down .'],
    plain: ['The sand was hot .'],
  },
  {
    id: 'way home',
    setup: ['N went far away from the house .', 'N and the A went for a walk .'],
    good: ['N saw a light , and there was D .', 'The A knew the way back .'],
    bad: ['It was night , and N did not know the way back .', 'The A ran away and did not come back .'],
    plain: ['They went by a tree .'],
  },
  {
    id: 'food',
    setup: ['N asked D for some food .', 'N wanted a sweet cake at the farm .'],
    good: ['D said yes and gave him two .', 'There was one , and it was for N .'],
    bad: ['D said no and put it away .', 'There was one , but it was for M .'],
    plain: ['D was at the farm .'],
  },
];
