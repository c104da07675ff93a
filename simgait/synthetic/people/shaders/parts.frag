#version 330
in vec3 told;
out vec4 colour;

void main() {
    // All corners of a triangle are of one part: what is drawn between them is it, but for rounding.
    colour = vec4(round(told.x) / 255.0, clamp(told.yz, 0.0, 1.0), 1.0);
}
