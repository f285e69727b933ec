#include "deltarule/data/digit_strokes.h"

#include <cassert>

namespace deltarule {
namespace {

constexpr auto D = PenPoint::Pen::kDown, K = PenPoint::Pen::kCorner;

constexpr PenPoint kZeroFromTop[] = {{38, 3, D}, {20, 9},  {6, 30},  {2, 56},  {9, 86}, {28, 99},
                                     {48, 88},   {58, 60}, {56, 30}, {46, 10}, {33, 3}};
constexpr PenPoint kZeroOverlapping[] = {{52, 14, D}, {32, 0},   {11, 20}, {3, 55},
                                         {12, 88},    {31, 100}, {51, 85}, {60, 50},
                                         {52, 18},    {36, 4},   {22, 6}};
constexpr PenPoint kZeroOpen[] = {{30, 0, D}, {12, 20}, {2, 58},  {14, 92}, {34, 100},
                                  {54, 80},   {60, 45}, {52, 18}, {40, 6}};
constexpr PenPoint kZeroCurledIn[] = {{48, 6, D}, {26, 4},  {7, 28}, {2, 60}, {14, 94}, {36, 98},
                                      {55, 74},   {58, 38}, {46, 8}, {32, 6}, {28, 20}};
constexpr PenPoint kZeroRound[] = {{46, 2, D}, {20, 12}, {2, 40},  {6, 76}, {34, 98},
                                   {66, 88},   {82, 56}, {74, 22}, {52, 4}, {38, 4}};

constexpr PenPoint kZeroCrossed[] = {{24, 2, D}, {10, 26}, {4, 58}, {14, 92}, {32, 100}, {48, 84},
                                     {56, 50},   {46, 16}, {26, 6}, {10, 16}, {24, 26}};
constexpr PenPoint kZeroNarrow[] = {{24, 2, D}, {14, 14}, {5, 38},  {3, 64}, {9, 92}, {20, 99},
                                    {32, 88},   {38, 60}, {38, 28}, {30, 6}, {20, 3}};
constexpr PenPoint kZeroFromInside[] = {{32, 36, D}, {38, 10}, {24, 2},  {8, 28},
                                        {4, 62},     {16, 94}, {36, 98}, {54, 72},
                                        {56, 36},    {44, 10}, {26, 6}};
constexpr PenPoint kZeroSlashed[] = {{40, 4, D}, {16, 12}, {4, 50}, {14, 92}, {34, 100}, {54, 78},
                                     {58, 40},   {48, 10}, {34, 6}, {34, 30}, {24, 66}};
constexpr PenPoint kOnePlain[] = {{30, 0, D}, {30, 50}, {30, 100}};
constexpr PenPoint kOneFlag[] = {{12, 22, D}, {26, 10}, {36, 0, K}, {35, 50}, {34, 100}};
constexpr PenPoint kOneFlagFoot[] = {{10, 22, D}, {24, 10},   {34, 0, K}, {34, 50},
                                     {34, 98},    {8, 99, D}, {34, 99},   {62, 98}};
constexpr PenPoint kOneFoot[] = {{32, 0, D}, {31, 50}, {31, 98}, {10, 99, D}, {31, 99}, {56, 98}};

constexpr PenPoint kTwoPlain[] = {{6, 24, D}, {14, 7},  {32, 0},    {50, 10}, {52, 28},
                                  {42, 50},   {22, 76}, {2, 97, K}, {28, 96}, {62, 98}};
constexpr PenPoint kTwoLooped[] = {{8, 22, D}, {20, 4}, {40, 2}, {52, 18}, {47, 42}, {30, 70},
                                   {12, 94},   {2, 92}, {6, 80}, {22, 82}, {40, 94}, {64, 92}};
constexpr PenPoint kTwoBigLoop[] = {{4, 16, D}, {22, 1}, {44, 6},  {52, 26}, {44, 56}, {26, 88},
                                    {8, 98},    {0, 84}, {12, 72}, {32, 82}, {50, 96}, {70, 90}};
constexpr PenPoint kTwoWavyFoot[] = {{6, 20, D}, {20, 3},    {42, 2},  {50, 20}, {38, 48},
                                     {20, 74},   {4, 94, K}, {22, 89}, {42, 97}, {64, 90}};

constexpr PenPoint kTwoLongTail[] = {{10, 20, D}, {22, 4}, {40, 4}, {48, 20}, {42, 46}, {26, 72},
                                     {8, 90},     {0, 82}, {8, 72}, {30, 78}, {60, 90}, {90, 84}};
constexpr PenPoint kTwoWide[] = {{6, 18, D}, {24, 4},  {48, 2},    {62, 14}, {56, 36},
                                 {38, 58},   {18, 80}, {2, 98, K}, {44, 94}, {96, 90}};
constexpr PenPoint kTwoCurledStart[] = {{20, 26, D}, {8, 22},  {14, 4},  {40, 0},
                                        {52, 20},    {44, 50}, {26, 84}, {8, 98},
                                        {2, 86},     {16, 80}, {38, 90}, {62, 96}};
constexpr PenPoint kTwoFallingTail[] = {{14, 24, D}, {22, 6},  {40, 0},  {54, 14},
                                        {50, 40},    {34, 66}, {16, 86}, {4, 88},
                                        {4, 76},     {16, 72}, {34, 84}, {54, 98}};
constexpr PenPoint kTwoRoundLoop[] = {{10, 18, D}, {26, 2}, {46, 6}, {52, 26}, {42, 54}, {26, 80},
                                      {10, 92},    {0, 82}, {8, 68}, {26, 72}, {42, 90}, {60, 100}};
constexpr PenPoint kTwoLongStart[] = {{12, 34, D}, {8, 18},  {24, 2}, {46, 2},  {54, 22}, {46, 50},
                                      {28, 78},    {10, 92}, {2, 82}, {14, 74}, {34, 86}, {56, 96}};
constexpr PenPoint kThreeRound[] = {{6, 12, D}, {22, 1},     {44, 4},  {52, 20},
                                    {42, 38},   {24, 46, K}, {46, 52}, {58, 72},
                                    {47, 94},   {22, 100},   {2, 88}};
constexpr PenPoint kThreeLooped[] = {{6, 14, D}, {24, 1},  {46, 6},  {50, 24}, {38, 41},  {22, 46},
                                     {24, 51},   {44, 52}, {58, 70}, {48, 94}, {22, 100}, {0, 90}};
constexpr PenPoint kThreeFlat[] = {{4, 5, D}, {30, 3},  {54, 3, K}, {41, 21},  {26, 40, K},
                                   {48, 47},  {58, 68}, {46, 94},   {20, 100}, {2, 90}};
constexpr PenPoint kThreeSoft[] = {{8, 10, D}, {28, 0},  {50, 12}, {46, 34}, {34, 46},
                                   {48, 58},   {56, 78}, {40, 97}, {16, 99}, {2, 90}};

constexpr PenPoint kThreeSlanted[] = {{4, 10, D}, {26, 0},  {50, 4},  {46, 22}, {22, 44, K},
                                      {42, 50},   {50, 64}, {40, 82}, {22, 94}, {0, 100}};
constexpr PenPoint kThreeBigTop[] = {{0, 16, D}, {22, 0},     {52, 4},  {58, 26},
                                     {44, 48},   {20, 56, K}, {44, 58}, {52, 74},
                                     {40, 94},   {18, 100},   {0, 94}};
constexpr PenPoint kFourOpen[] = {{10, 4, D}, {6, 28},    {6, 47},  {22, 54}, {44, 50},
                                  {62, 45},   {56, 0, D}, {52, 50}, {48, 100}};
constexpr PenPoint kFourOpenSharp[] = {{18, 0, D}, {10, 26},    {2, 54, K}, {30, 53},
                                       {64, 50},   {50, 16, D}, {48, 58},   {44, 100}};
constexpr PenPoint kFourClosed[] = {{50, 0, D}, {26, 30},   {2, 62, K}, {32, 61},
                                    {66, 60},   {50, 0, D}, {48, 50},   {46, 100}};
constexpr PenPoint kFourOneStroke[] = {{4, 8, D},  {2, 34},  {16, 52}, {44, 47},
                                       {62, 2, K}, {56, 44}, {48, 100}};

constexpr PenPoint kFiveBar[] = {{16, 4, D}, {14, 22},  {12, 42, K}, {34, 37},   {54, 52}, {55, 76},
                                 {38, 97},   {16, 100}, {0, 90},     {16, 4, D}, {38, 3},  {62, 1}};
constexpr PenPoint kFiveOneStroke[] = {{60, 2, D},  {38, 3},   {18, 5, K}, {15, 24},
                                       {12, 42, K}, {34, 37},  {56, 54},   {54, 78},
                                       {36, 98},    {14, 100}, {0, 90}};
constexpr PenPoint kFiveRound[] = {{60, 4, D}, {32, 4},  {16, 16}, {16, 34}, {34, 46},
                                   {52, 60},   {50, 82}, {30, 98}, {2, 94}};
constexpr PenPoint kFiveBarApart[] = {{14, 14, D}, {10, 30},   {12, 46}, {32, 44},
                                      {48, 56},    {48, 80},   {32, 97}, {12, 100},
                                      {0, 92},     {22, 8, D}, {42, 5},  {66, 0}};

constexpr PenPoint kFiveSlanted[] = {{84, 0, D},  {56, 6},   {34, 10, K}, {28, 26},
                                     {22, 44, K}, {38, 42},  {54, 56},    {50, 78},
                                     {34, 94},    {16, 100}, {0, 94}};
constexpr PenPoint kFiveSmallBelly[] = {{48, 0, D},  {32, 4},   {16, 6, K}, {14, 30},
                                        {12, 52, K}, {28, 50},  {42, 62},   {42, 82},
                                        {28, 98},    {12, 100}, {0, 94}};
constexpr PenPoint kFiveBigBelly[] = {{64, 0, D},  {44, 4},   {22, 7, K}, {18, 20},
                                      {14, 36, K}, {38, 30},  {64, 46},   {62, 76},
                                      {40, 96},    {18, 100}, {0, 88}};
constexpr PenPoint kSixCurved[] = {{46, 0, D}, {22, 24}, {6, 56},  {5, 82},  {18, 98},
                                   {40, 96},   {52, 80}, {44, 62}, {26, 62}, {8, 76}};
constexpr PenPoint kSixStraight[] = {{34, 0, D}, {18, 34}, {5, 70},  {13, 96}, {34, 98},
                                     {50, 80},   {42, 64}, {22, 66}, {7, 82}};
constexpr PenPoint kSixHooked[] = {{54, 10, D}, {40, 1},  {20, 20}, {6, 54},  {6, 84}, {26, 100},
                                   {48, 89},    {52, 69}, {36, 56}, {14, 66}, {5, 78}};
constexpr PenPoint kSixSmallLoop[] = {{40, 0, D}, {20, 30}, {6, 68},  {10, 94}, {28, 100},
                                      {42, 88},   {36, 76}, {22, 78}, {9, 90}};

constexpr PenPoint kSixWide[] = {{34, 0, D}, {14, 26}, {2, 58},  {8, 90},  {36, 100},
                                 {66, 94},   {78, 74}, {60, 58}, {34, 66}, {16, 86}};
constexpr PenPoint kSixBigLoop[] = {{40, 0, D}, {18, 18}, {4, 50},  {6, 84},  {26, 100},
                                    {50, 92},   {60, 66}, {48, 44}, {24, 48}, {8, 70}};
constexpr PenPoint kSevenPlain[] = {{2, 8, D}, {30, 6}, {60, 3, K}, {44, 34}, {28, 66}, {16, 100}};
constexpr PenPoint kSevenBar[] = {{2, 8, D}, {30, 6},     {60, 3, K}, {44, 34}, {30, 66},
                                  {18, 100}, {12, 54, D}, {34, 51},   {58, 47}};
constexpr PenPoint kSevenHooked[] = {{0, 24, D}, {6, 8, K}, {32, 8},  {60, 3, K},
                                     {46, 36},   {32, 68},  {20, 100}};
constexpr PenPoint kSevenCurved[] = {{2, 16, D}, {26, 4}, {54, 5}, {50, 28}, {32, 62}, {18, 100}};

constexpr PenPoint kSevenLongHook[] = {{0, 38, D}, {6, 8, K}, {30, 12}, {60, 3, K},
                                       {50, 36},   {38, 68},  {28, 100}};
constexpr PenPoint kSevenNarrow[] = {{2, 20, D}, {18, 6},  {38, 2, K},
                                     {32, 40},   {24, 70}, {16, 100}};
constexpr PenPoint kSevenWide[] = {{0, 20, D}, {36, 8}, {80, 0, K}, {56, 30}, {38, 62}, {28, 100}};
constexpr PenPoint kSevenWavy[] = {{0, 26, D}, {14, 8},  {36, 12}, {62, 2, K},
                                   {46, 34},   {30, 66}, {18, 100}};
constexpr PenPoint kEightFromRight[] = {{50, 14, D}, {34, 0},  {14, 10},  {15, 29}, {33, 47},
                                        {50, 68},    {47, 91}, {26, 100}, {7, 88},  {9, 68},
                                        {29, 48},    {48, 30}, {50, 10}};
constexpr PenPoint kEightFromMiddle[] = {{30, 46, D}, {12, 28}, {16, 6}, {34, 0}, {50, 10},
                                         {46, 30},    {28, 48}, {8, 70}, {9, 91}, {29, 100},
                                         {50, 90},    {51, 70}, {30, 46}};
constexpr PenPoint kEightCircles[] = {{28, 0, D}, {12, 12}, {14, 36},    {30, 46}, {46, 36},
                                      {48, 12},   {28, 0},  {30, 46, D}, {8, 60},  {8, 88},
                                      {30, 100},  {52, 88}, {52, 60},    {30, 46}};
constexpr PenPoint kEightOpenTop[] = {{52, 6, D}, {32, 2},  {16, 14}, {22, 36}, {42, 56}, {46, 84},
                                      {28, 100},  {10, 90}, {14, 68}, {34, 44}, {56, 18}};

constexpr PenPoint kEightFlared[] = {{66, 2, D}, {38, 2}, {16, 14}, {22, 34}, {38, 52}, {44, 78},
                                     {26, 100},  {8, 92}, {14, 70}, {38, 42}, {70, 10}};
constexpr PenPoint kEightSmallBottom[] = {{52, 16, D}, {34, 0},  {12, 8},   {14, 32}, {34, 50},
                                          {42, 72},    {36, 94}, {22, 100}, {12, 88}, {18, 68},
                                          {36, 48},    {52, 30}, {52, 12}};
constexpr PenPoint kEightRibbon[] = {{56, 12, D}, {36, 0},  {12, 8},   {14, 30}, {32, 48},
                                     {42, 70},    {38, 92}, {26, 100}, {14, 90}, {20, 70},
                                     {40, 46},    {62, 24}, {54, 6}};
constexpr PenPoint kEightBigTop[] = {{60, 20, D}, {40, 0},  {12, 6},   {8, 32},  {28, 52},
                                     {40, 72},    {36, 92}, {24, 100}, {14, 88}, {22, 68},
                                     {46, 50},    {64, 32}, {58, 12}};
constexpr PenPoint kEightLeaningBack[] = {{44, 10, D}, {24, 0},  {6, 12},   {12, 32}, {32, 48},
                                          {54, 68},    {58, 90}, {42, 100}, {30, 86}, {32, 66},
                                          {44, 44},    {52, 24}, {40, 6}};
constexpr PenPoint kNineStraight[] = {{52, 14, D}, {36, 1},  {14, 8},     {4, 28},  {14, 45},
                                      {34, 42},    {52, 18}, {54, 10, K}, {52, 52}, {48, 100}};
constexpr PenPoint kNineCurved[] = {{50, 12, D}, {34, 0},  {12, 10}, {5, 32},   {20, 46}, {42, 36},
                                    {53, 10, K}, {56, 50}, {48, 84}, {28, 100}, {8, 92}};
constexpr PenPoint kNineSlanted[] = {{54, 16, D}, {40, 2},    {18, 10}, {6, 34},  {18, 46},
                                     {40, 36},    {56, 8, K}, {46, 50}, {30, 100}};
constexpr PenPoint kNineLooped[] = {{56, 8, D}, {32, 4},  {8, 26},  {14, 46}, {36, 40},
                                    {54, 14},   {54, 40}, {48, 70}, {40, 100}};

constexpr PenPoint kNineSmallLoop[] = {{40, 10, D}, {28, 0},  {10, 6},     {4, 22},  {12, 36},
                                       {28, 32},    {38, 16}, {40, 10, K}, {38, 52}, {34, 100}};
constexpr PenPoint kNineWideLoop[] = {{70, 12, D}, {44, 0},  {14, 12},   {2, 32},  {16, 46},
                                      {46, 38},    {66, 18}, {72, 8, K}, {60, 50}, {46, 100}};
constexpr PenPoint kNineRound[] = {{46, 8, D}, {26, 0},  {6, 12},    {4, 36},  {20, 50},
                                   {42, 42},   {50, 22}, {48, 8, K}, {54, 54}, {52, 100}};
constexpr PenPoint kNineLeaning[] = {{60, 8, D}, {36, 4},    {12, 22}, {6, 42},  {22, 46},
                                     {46, 28},   {60, 6, K}, {52, 36}, {38, 70}, {22, 100}};
constexpr PenPoint kNineGap[] = {{48, 4, D}, {22, 10},    {4, 32},  {12, 48}, {34, 40},
                                 {50, 20},   {56, 14, K}, {50, 44}, {42, 72}, {38, 100}};
constexpr PenPoint kNineHookedTail[] = {{50, 10, D}, {30, 0},   {8, 14},     {8, 38},
                                        {26, 44},    {46, 30},  {52, 10, K}, {54, 46},
                                        {50, 80},    {34, 100}, {16, 96}};
constexpr DigitForm kForms0[] = {{3, kZeroFromTop},  {3, kZeroOverlapping}, {2, kZeroOpen},
                                 {2, kZeroCurledIn}, {3, kZeroRound},       {2, kZeroCrossed},
                                 {2, kZeroNarrow},   {2, kZeroFromInside},  {1, kZeroSlashed}};
constexpr DigitForm kForms1[] = {{24, kOnePlain}, {4, kOneFlag}, {3, kOneFlagFoot}, {1, kOneFoot}};
constexpr DigitForm kForms2[] = {{3, kTwoPlain},       {3, kTwoLooped},      {2, kTwoBigLoop},
                                 {2, kTwoWavyFoot},    {3, kTwoLongTail},    {3, kTwoWide},
                                 {2, kTwoCurledStart}, {4, kTwoFallingTail}, {4, kTwoRoundLoop},
                                 {4, kTwoLongStart}};
constexpr DigitForm kForms3[] = {{4, kThreeRound}, {3, kThreeLooped},  {1, kThreeFlat},
                                 {3, kThreeSoft},  {4, kThreeSlanted}, {3, kThreeBigTop}};
constexpr DigitForm kForms4[] = {
    {5, kFourOpen}, {4, kFourOpenSharp}, {1, kFourClosed}, {2, kFourOneStroke}};
constexpr DigitForm kForms5[] = {{3, kFiveBar},      {3, kFiveOneStroke}, {3, kFiveRound},
                                 {2, kFiveBarApart}, {4, kFiveSlanted},   {2, kFiveSmallBelly},
                                 {3, kFiveBigBelly}};
constexpr DigitForm kForms6[] = {{4, kSixCurved},    {3, kSixStraight}, {2, kSixHooked},
                                 {2, kSixSmallLoop}, {2, kSixWide},     {1, kSixBigLoop}};
constexpr DigitForm kForms7[] = {{5, kSevenPlain},  {2, kSevenBar},      {3, kSevenHooked},
                                 {3, kSevenCurved}, {2, kSevenLongHook}, {3, kSevenWavy},
                                 {3, kSevenNarrow}, {4, kSevenWide}};
constexpr DigitForm kForms8[] = {
    {4, kEightFromRight}, {3, kEightFromMiddle}, {1, kEightCircles},
    {3, kEightOpenTop},   {3, kEightFlared},     {3, kEightSmallBottom},
    {4, kEightRibbon},    {3, kEightBigTop},     {2, kEightLeaningBack}};
constexpr DigitForm kForms9[] = {{4, kNineStraight},  {2, kNineCurved},    {4, kNineSlanted},
                                 {2, kNineLooped},    {3, kNineSmallLoop}, {3, kNineWideLoop},
                                 {3, kNineRound},     {4, kNineLeaning},   {3, kNineGap},
                                 {2, kNineHookedTail}};

constexpr std::span<const DigitForm> kForms[] = {kForms0, kForms1, kForms2, kForms3, kForms4,
                                                 kForms5, kForms6, kForms7, kForms8, kForms9};

}  // namespace

std::span<const DigitForm> digit_forms(int digit) {
  assert(digit >= 0 && digit <= 9);
  return kForms[digit];
}

}  // namespace deltarule
